import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import type { ModelEntry } from "./journal/journal-schema.ts";
import type { Journal } from "./journal/journal.ts";
import type { ContentStore } from "../content/content-store.ts";
import { type PinProgress, filesToPin, pinFile } from "./pin-metadata.ts";

/**
 * Pins the metadata of a model and everything it needs, and writes down what each store confirmed. What a service
 * confirmed before and still has is not uploaded again; the store on this machine looks at every block again, and mends
 * what is missing or damaged.
 *
 * @throws {ProvenanceError} `STORE_FAILED`, `STATE_FAILED`
 */
export async function pinRecorded(
  built: BuiltMetadata,
  store: ContentStore,
  journal: Journal<ModelEntry>,
  progress: PinProgress = {},
): Promise<void> {
  for (const file of filesToPin(built, progress)) {
    const { root } = file;
    // The links of a model have the root that the whole has: whoever confirmed them does not have the content.
    const cid = file.content === undefined ? root.toString() : `${root.toString()}+content`;
    const confirmed = journal.entry.pinned[cid] ?? [];
    const isConfirmed = confirmed.includes(store.name);
    if (isConfirmed && store.public && (await store.has(root))) continue;
    await pinFile(file, store);
    if (isConfirmed) continue;
    await journal.update({ pinned: { ...journal.entry.pinned, [cid]: [...confirmed, store.name] } });
  }
}
