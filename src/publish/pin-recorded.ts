import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import type { ModelEntry } from "../state/journal-schema.ts";
import type { Journal } from "../state/journal.ts";
import type { ContentStore } from "../store/content-store.ts";

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
): Promise<void> {
  const metadata = { root: built.block.cid, blocks: [built.block], linksOnly: false };
  for (const { root, blocks, linksOnly = false } of [...built.attachments, metadata]) {
    const cid = root.toString();
    const confirmed = journal.entry.pinned[cid] ?? [];
    const isConfirmed = confirmed.includes(store.name);
    if (isConfirmed && store.public && (await store.has(root))) continue;
    await store.pin(root, blocks, { linksOnly });
    if (isConfirmed) continue;
    await journal.update({ pinned: { ...journal.entry.pinned, [cid]: [...confirmed, store.name] } });
  }
}
