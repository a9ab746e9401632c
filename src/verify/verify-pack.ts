import { getAddress } from "ethers";
import { openerOf } from "../model/tensors/hashed-source.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { type HashModelOptions, hashModel } from "../model/hash-model.ts";
import type { ModelRecord } from "../registry/model-record.ts";
import { type BlockHeader, readHeader } from "../registry/proofs/block-header.ts";
import { readRecordSlots } from "../registry/proofs/record-slots.ts";
import { proveContract, readProvedSlots } from "../registry/proofs/state-proof.ts";
import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import { buildCodeHash } from "../registry/registry-code.ts";
import { compareDigests } from "./compare-digests.ts";
import type { PackEvidence } from "./evidence.ts";
import { foundAlone } from "./locate.ts";
import { warningsOf } from "./model-warnings.ts";
import { type PackFile, packedBlocks } from "./pack-file.ts";
import { examine } from "./pipeline.ts";
import type { VerifyReport } from "./report.ts";

/** Input of {@link verifyPack}. */
export interface VerifyPackRequest extends Pick<HashModelOptions, "ignorePaths" | "hfCache" | "onTotal" | "onBytes"> {
  readonly modelPath: string;
  readonly pack: PackFile;
  /** The token that the pack must be of; any when left out. */
  readonly tokenId?: bigint;
  /** Names of accounts: of it the address book, and statements that the verifier named, are looked into. */
  readonly publishers?: PublisherSources;
  /** What the verifier trusts: the hash of the block, and the address of the registry. */
  readonly trusted: { readonly blockHash: Hex; readonly registry: string; readonly chainId?: bigint };
}

/**
 * Verifies a model with a pack alone: the block hash that is trusted proves the header, the header the registry's state,
 * the state the record, the record the metadata, and the metadata names every file. Nothing is asked of a network, and the
 * answer is that of the block: what was said of the model later is not in it.
 *
 * @throws {ProvenanceError} `PACK_INVALID` for a pack that does not prove what it says, `CHAIN_MISMATCH` for one of another block,
 *   chain, registry or token, and as {@link hashModel}
 */
export async function verifyPack(request: VerifyPackRequest): Promise<VerifyReport> {
  const { modelPath, pack, trusted, tokenId, publishers, ...hashing } = request;
  const { header, codeHash, record } = await provePack(pack, trusted, tokenId);
  const hashed = await hashModel(modelPath, { ...hashing });
  const place = { address: getAddress(pack.registry), chainId: BigInt(pack.chainId) };
  const evidence: PackEvidence = { kind: "pack", block: header, codeHash, store: packedBlocks(pack), publishers };
  const judged = { place, record };
  const state = `As of block ${header.number} (${new Date(header.timestamp * 1000).toISOString()}).`;
  const report = await examine({
    way: "pack",
    evidence,
    found: foundAlone(judged),
    judged,
    model: hashed,
    hashed,
    warnings: [...(await warningsOf(hashed, openerOf(hashed))), state],
    compare: async (subject) => compareDigests(hashed, subject, "pack"),
  });
  // The code holds the id of its chain; where neither that nor the verifier names it, nobody knows of which chain this is.
  if (trusted.chainId !== undefined || codeHash === buildCodeHash(place)) return report;
  const { registry: _, ...unplaced } = report;
  const unknown =
    "Nothing proves of which chain the pack is: name it with CHAIN_ID. Its registry is left out of the report.";
  return { ...unplaced, warnings: [...report.warnings, unknown] };
}

/**
 * Proves the record of a pack down from a block hash that is trusted, whatever files it is of. Errors as {@link verifyPack}.
 *
 * @param asked - the token that it must be of; any when left out
 */
export async function provePack(pack: PackFile, trusted: VerifyPackRequest["trusted"], asked?: bigint) {
  const header = checkPlace(pack, trusted, asked);
  const { storageRoot, codeHash } = proveContract(header.stateRoot, pack.registry, pack.accountProof);
  return { header, codeHash, record: await proveRecord(pack, storageRoot) };
}

function checkPlace(
  { block, registry, chainId, tokenId }: PackFile,
  trusted: VerifyPackRequest["trusted"],
  asked: bigint | undefined,
): BlockHeader {
  const header = readHeader(block.header);
  if (header.hash !== trusted.blockHash) {
    const text = `The pack is of block ${header.number} with the hash ${header.hash}, not of ${trusted.blockHash}.`;
    throw new ProvenanceError("CHAIN_MISMATCH", `${text} Look up the hash of that block where you trust it.`);
  }
  if (block.hash !== header.hash || block.number !== header.number) {
    throw new ProvenanceError("PACK_INVALID", "The pack states another block than its header. Export it again.");
  }
  if (getAddress(registry) !== getAddress(trusted.registry)) {
    throw new ProvenanceError("CHAIN_MISMATCH", `The pack is of the registry ${registry}, not of ${trusted.registry}.`);
  }
  if (trusted.chainId !== undefined && trusted.chainId !== BigInt(chainId)) {
    throw new ProvenanceError("CHAIN_MISMATCH", `The pack is of chain ${chainId}, not of ${trusted.chainId}.`);
  }
  if (asked !== undefined && asked !== BigInt(tokenId)) {
    throw new ProvenanceError("PACK_INVALID", `The pack is of token ${tokenId}, not of the one asked for.`);
  }
  return header;
}

async function proveRecord(pack: PackFile, storageRoot: Hex): Promise<ModelRecord> {
  const proofs = pack.storageProofs.map(({ slot, proof }) => ({ slot: slot, proof: proof }));
  const record = await readRecordSlots(BigInt(pack.tokenId), readProvedSlots(storageRoot, proofs));
  if (record !== undefined) return record;
  throw new ProvenanceError("PACK_INVALID", `The pack proves that there is no token ${pack.tokenId} in its block.`);
}
