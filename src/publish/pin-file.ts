import { type PinnableFile, allBlocksOf } from "../metadata/manifest-entry.ts";
import type { ContentStore } from "../store/content-store.ts";

/** Pins a file, or a model, with all that is to be kept of it. @throws {ProvenanceError} as the store's `pin` */
export async function pinFile(file: PinnableFile, store: ContentStore): Promise<void> {
  await store.pin(file.root, allBlocksOf(file), { linksOnly: file.linksOnly ?? false });
}
