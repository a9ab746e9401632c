import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { sha256 } from "ethers";
import { formatBatchProof } from "../../src/registry/batches/batch-files.ts";
import { createBatchTree } from "../../src/registry/batches/batch-tree.ts";
import { toSubmission } from "../../src/registry/to-submission.ts";
import { type Registry, toCaip10 } from "../../src/registry/registry.ts";
import type { ModelSubmission } from "../../src/registry/submission.ts";
import { type Hex, toHex } from "../../src/base/hex.ts";
import type { PublishRequest } from "../../src/publish/prepare-model.ts";
import { prepareModel } from "../../src/publish/prepare-model.ts";
import { rawBlock } from "../../src/content/cid.ts";
import { buildUnixfsFolder } from "../../src/content/unixfs/unixfs-folder.ts";
import type { MemoryStore } from "./memory-store.ts";

/** A batch as it was anchored. */
export interface TestBatch {
  readonly root: Hex;
  readonly contentDigest: Hex;
  readonly submissions: readonly ModelSubmission[];
  readonly proofOf: (index: number) => Hex[];
}

/** Prepares a model as for a mint, keeps its metadata in the store, and returns what would be submitted. */
export async function prepareSubmission(
  request: PublishRequest,
  { registry, minter, store }: { registry: Registry; minter: HardhatEthersSigner; store: MemoryStore },
): Promise<ModelSubmission> {
  const { built } = await prepareModel(request, { registry, signer: minter, warn: () => undefined });
  store.add(built.block);
  return toSubmission(built.metadata.provenance, sha256(built.block.bytes) as Hex, () => undefined);
}

/**
 * Anchors submissions as one batch, with a folder that holds their proofs.
 *
 * @param listed - what the folder says is in it
 * @param names - what else lies in the folder of proofs
 */
export async function anchorBatch(
  submissions: readonly ModelSubmission[],
  { registry, minter, store }: { registry: Registry; minter: HardhatEthersSigner; store: MemoryStore },
  listed: readonly ModelSubmission[] = submissions,
  names: readonly string[] = [],
): Promise<TestBatch> {
  const tree = createBatchTree(submissions);
  const proofOf = (index: number) => tree.getProof(submissions[index]?.modelDigest as Hex) ?? [];
  const files = listed.map((submission) => {
    const proof = proofOf(Math.max(0, submissions.indexOf(submission)));
    const block = rawBlock(formatBatchProof({ registry: toCaip10(registry), root: tree.root, submission, proof }));
    store.add(block);
    const name = `proofs/${submission.modelDigest}.json`;
    return [name, { cid: block.cid, dagSize: block.bytes.length }] as const;
  });
  const empty = { cid: rawBlock(new Uint8Array()).cid, dagSize: 0 };
  const build = buildUnixfsFolder([...files, ...names.map((name) => [`proofs/${name}`, empty] as const)]);
  for (;;) {
    const { value, done } = build.next();
    if (!done) {
      store.add(value);
      continue;
    }
    const contentDigest = toHex(value.cid.multihash.digest);
    await registry.contract.connect(minter).anchorBatch(tree.root, contentDigest, submissions.length);
    return { root: tree.root, contentDigest, submissions, proofOf };
  }
}
