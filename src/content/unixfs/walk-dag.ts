import * as dagPb from "@ipld/dag-pb";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { ProvenanceError } from "../../base/errors.ts";

/** A block that a walk came to. */
export interface WalkedBlock {
  readonly cid: CID;
  /** Those of a block that links others; a raw block is not read. */
  readonly bytes?: Uint8Array;
}

const IDENTITY = 0x00;

/**
 * Walks the blocks below a root, each once: a node before what it links, in the order of its links.
 *
 * @param read - returns the bytes of a block, verified against its CID
 * @param seen - blocks that were walked already, with all below them: they are passed over
 * @throws {ProvenanceError} as `read`; `STORE_BLOCK_CORRUPT` for a block whose links cannot be read
 */
export async function* walkDag(
  root: CID,
  read: (cid: CID) => Uint8Array | Promise<Uint8Array>,
  seen = new Set<string>(),
): AsyncGenerator<WalkedBlock> {
  const waiting = [root];
  for (let cid = waiting.pop(); cid !== undefined; cid = waiting.pop()) {
    const key = blockKey(cid);
    // What an identity CID names stands in the CID itself.
    if (seen.has(key) || cid.multihash.code === IDENTITY) continue;
    seen.add(key);
    if (cid.code === raw.code) {
      yield { cid };
      continue;
    }
    const bytes = await read(cid);
    const links = linksOf(cid, bytes);
    yield { cid, bytes };
    for (let i = links.length - 1; i >= 0; i--) waiting.push(links[i] as CID);
  }
}

/** The CIDs that a block links. @throws {ProvenanceError} `STORE_BLOCK_CORRUPT` for a block whose links cannot be read */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  if (cid.code === raw.code) return [];
  try {
    if (cid.code !== dagPb.code) throw new Error(`it is of the codec 0x${cid.code.toString(16)}`);
    return dagPb.decode(bytes).Links.map(({ Hash }) => Hash);
  } catch (cause) {
    const text = `The links of ${cid.toString()} cannot be read: ${(cause as Error).message}.`;
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", text, { cause });
  }
}

/** A block's codec and digest as a key: the same for all spellings of its CID, and short. */
export function blockKey(cid: CID): string {
  return String.fromCharCode(cid.code) + Buffer.from(cid.multihash.bytes).toString("latin1");
}
