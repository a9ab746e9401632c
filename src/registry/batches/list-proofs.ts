import * as dagPb from "@ipld/dag-pb";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";
import { fromHex } from "../../base/bytes.ts";
import { mapInOrder } from "../../base/concurrency.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { SHA2_256 } from "../../content/cid.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { listFolder } from "../../content/serve/unixfs-content.ts";
import { findUnixfsFile, readVerified } from "../../content/unixfs/read-dag.ts";
import { readUnixfsFile } from "../../content/unixfs/unixfs-file.ts";
import { type BatchProof, parseBatchProof } from "./batch-files.ts";
import { verifyBatchProof } from "./batch-tree.ts";

const AT_ONCE = 16;
const PROOF_MAX_BYTES = 64 * 1024;
const FOLDER = "proofs";

/**
 * Reads the whole directory of a batch: every proof in it that leads to the batch's root, in the order of the directory.
 * What is no such proof is passed over.
 *
 * @param contentDigest - the digest inside the CID of the directory, as it was emitted
 * @throws {ProvenanceError} as the store's `get`, `STORE_BLOCK_CORRUPT`
 */
export async function* listBatchProofs(
  { root, contentDigest }: { readonly root: Hex; readonly contentDigest: Hex },
  store: BlockSource,
): AsyncGenerator<BatchProof, void> {
  const read = readVerified(store);
  const directory = CID.createV1(dagPb.code, createMultihash(SHA2_256, fromHex(contentDigest)));
  const folder = await findUnixfsFile(directory, FOLDER, read);
  if (folder === undefined || folder.equals(directory)) return;
  const proofs = mapInOrder(listFolder(folder, read), AT_ONCE, async ([, cid]) =>
    tryParse(await readUnixfsFile(cid, read, PROOF_MAX_BYTES)),
  );
  for await (const proof of proofs) {
    if (proof !== undefined && verifyBatchProof(root, proof.submission, proof.proof)) yield { ...proof, root };
  }
}

function tryParse(bytes: Uint8Array): BatchProof | undefined {
  try {
    return parseBatchProof(bytes);
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "PROOF_INVALID") return undefined;
    throw error;
  }
}
