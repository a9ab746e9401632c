import { createReadStream } from "node:fs";
import { CID } from "multiformats/cid";
import { walkModel } from "../../src/model/walk.ts";
import type { PublishRequest } from "../../src/publish/prepare-model.ts";
import type { Block } from "../../src/content/cid.ts";
import { buildUnixfsFile } from "../../src/content/unixfs/unixfs-file.ts";
import type { MemoryStore } from "./memory-store.ts";
import { recordModel } from "./recorded-model.ts";

/** A model that was recorded with its CID, and the blocks of a gateway that has all of it. */
export interface PublishedModel {
  readonly tokenId: bigint;
  /** The metadata, what it names, and the blocks that link the content. */
  readonly links: readonly Block[];
  /** The leaves of the files. */
  readonly content: readonly Block[];
}

/** Records a model with its CID and cuts its files, as publishing it with its content does. */
export async function publishModel(
  deployed: Parameters<typeof recordModel>[0] & { readonly store: MemoryStore },
  modelPath: string,
  request: Partial<PublishRequest> = {},
  change?: Parameters<typeof recordModel>[2],
): Promise<PublishedModel> {
  deployed.store.blocks.clear();
  const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true, ...request }, change);
  const links = [...deployed.store.blocks].map(([cid, bytes]) => ({ cid: CID.parse(cid), bytes }));
  const content: Block[] = [];
  for (const { path } of (await walkModel(modelPath)).files) {
    for await (const block of buildUnixfsFile(createReadStream(path))) content.push(block);
  }
  return { tokenId, links, content };
}
