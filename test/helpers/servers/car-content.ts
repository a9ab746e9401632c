import { CarReader } from "@ipld/car";
import * as dagPb from "@ipld/dag-pb";
import type { CID } from "multiformats/cid";
import { bytesMatchCid } from "../../../src/content/cid.ts";

/** A CAR as a service reads it. */
export interface CarContent {
  readonly root: string;
  /** By the hash of the block, in hex: that is how nodes of IPFS look blocks up. */
  readonly blocks: ReadonlyMap<string, Uint8Array>;
  /** What is linked and not there. */
  readonly missing: readonly string[];
}

/** Reads a CAR, and refuses one that a service would refuse: a block that is not what its CID says. */
export async function readCar(bytes: Uint8Array): Promise<CarContent> {
  const reader = await CarReader.fromBytes(bytes);
  const [root] = await reader.getRoots();
  const blocks = new Map<string, Uint8Array>();
  for await (const { cid, bytes: content } of reader.blocks()) {
    if (!bytesMatchCid(cid, content)) throw new Error(`${cid.toString()} is damaged`);
    blocks.set(hashOf(cid), content);
  }
  const missing: string[] = [];
  const waiting = [root as CID];
  for (let cid = waiting.pop(); cid !== undefined; cid = waiting.pop()) {
    const content = blocks.get(hashOf(cid));
    if (content === undefined) missing.push(cid.toString());
    else if (cid.code === dagPb.code) waiting.push(...dagPb.decode(content).Links.map(({ Hash }) => Hash));
  }
  return { root: (root as CID).toString(), blocks, missing };
}

/** What two CIDs of the same bytes have in common. */
export function hashOf(cid: CID): string {
  return Buffer.from(cid.multihash.digest).toString("hex");
}
