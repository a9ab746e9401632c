import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import { type PinnableFile, allBlocksOf } from "../metadata/manifest-entry.ts";
import type { Block } from "../content/cid.ts";
import type { ContentStore } from "../content/content-store.ts";

/** Told of a model's bytes each time a store reads through them: first how many come, then how many came. */
export interface PinProgress {
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Pins the metadata and everything it needs, the model itself where that was asked for.
 *
 * @throws {ProvenanceError} as the store's `pin`; `MODEL_CHANGED` if a file is not what was hashed
 */
export async function pinMetadata(
  built: BuiltMetadata,
  store: ContentStore,
  progress: PinProgress = {},
): Promise<void> {
  for (const file of filesToPin(built, progress)) await pinFile(file, store);
}

/** What is pinned of a model, the metadata last: whoever finds that finds all that it names. */
export function filesToPin({ attachments, block, metadata }: BuiltMetadata, progress: PinProgress): PinnableFile[] {
  const size = metadata.provenance.model?.size ?? 0;
  const files = attachments.map((file) => {
    return file.content === undefined ? file : { ...file, content: followContent(file.content, size, progress) };
  });
  return [...files, { root: block.cid, blocks: [block] }];
}

/** Pins a file, or a model, with all that is to be kept of it. @throws {ProvenanceError} as the store's `pin` */
export async function pinFile(file: PinnableFile, store: ContentStore): Promise<void> {
  await store.pin(file.root, allBlocksOf(file), { linksOnly: file.linksOnly ?? false });
}

/** Says what pinning them would cost, in stores that are paid by the block. Errors as the store's `quote`. */
export async function quotePins(built: BuiltMetadata, store: ContentStore): Promise<readonly string[]> {
  const alone = built.attachments.filter(
    ({ blocks, linksOnly, content }) => blocks.length === 1 && linksOnly !== true && content === undefined,
  );
  return (await store.quote?.([...alone.flatMap(({ blocks }) => blocks), built.block])) ?? [];
}

function followContent(
  content: AsyncIterable<Block>,
  size: number,
  { onTotal, onBytes }: PinProgress,
): AsyncIterable<Block> {
  return {
    async *[Symbol.asyncIterator]() {
      onTotal?.(size);
      for await (const block of content) {
        onBytes?.(block.bytes.length);
        yield block;
      }
    },
  };
}
