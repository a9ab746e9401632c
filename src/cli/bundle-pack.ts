import { toUtf8 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { readZip } from "../base/zip-archive.ts";
import { PACK_NAME } from "../exports/bundle/write-bundle.ts";
import { exportPack } from "../verify/export-pack.ts";
import { parsePack } from "../verify/pack-file.ts";
import { provePack } from "../verify/verify-pack.ts";
import type { ReadExport } from "./read-exported.ts";
import { senderOf } from "./rpc-sender.ts";

/** Makes the state-proof pack of a record. @returns its bytes, or why there is none */
export async function makePack({ model, registry, store }: ReadExport): Promise<Uint8Array | string> {
  if (model.batch !== undefined) return "The model has no token: it stands in an anchored batch.";
  try {
    const pack = await exportPack(registry, BigInt(model.tokenId), store, senderOf(registry.provider));
    return toUtf8(`${JSON.stringify(pack)}\n`);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return error.message;
  }
}

/**
 * Takes the pack out of a bundle: it is of the block in which it was made, and proves the record from the hash that the node
 * has of that block now.
 *
 * @returns its bytes; where there is none, why there would be none now
 * @throws {ProvenanceError} `PACK_INVALID`, `CHAIN_MISMATCH` for one that proves nothing, `CHAIN_UNREACHABLE`
 */
export async function takePack(bundle: Uint8Array, read: ReadExport): Promise<Uint8Array | string> {
  const { model, registry } = read;
  const bytes = readZip(bundle)?.find(({ name }) => name === PACK_NAME)?.bytes;
  if (bytes === undefined) return makePack(read);
  const pack = parsePack(bytes);
  const block = await registry.provider.getBlock(pack.block.number);
  if (block === null) {
    throw new ProvenanceError("CHAIN_UNREACHABLE", `The node does not have block ${pack.block.number}. Ask another.`);
  }
  const trusted = { blockHash: block.hash as Hex, registry: registry.address, chainId: registry.chainId };
  await provePack(pack, trusted, BigInt(model.tokenId));
  return bytes;
}
