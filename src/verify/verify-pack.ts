import { getAddress } from "ethers";
import type { ModelRecord } from "../registry/model-record.ts";
import { buildCodeHash } from "../registry/registry-code.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import { isSignedByAccount } from "../metadata/signature.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../model/hash-model.ts";
import { type BlockHeader, readHeader } from "../registry/proofs/block-header.ts";
import { type PackFile, packedBlocks } from "./pack-file.ts";
import { readRecordSlots } from "../registry/proofs/record-slots.ts";
import { proveContract, readProvedSlots } from "../registry/proofs/state-proof.ts";
import { checkManifestDigest, digestsOf, readStatement } from "./check-record.ts";
import { checkOmsBundle } from "./check-oms.ts";
import { compareNamed } from "./compare-names.ts";
import { compareResources } from "./compare-resources.ts";
import { findContradictions } from "./find-contradictions.ts";
import { warningsOf } from "./model-warnings.ts";
import { Findings, type VerifyReport, concludeEqual } from "./report.ts";

// Standing that is not in the slots of a record.
const NOT_IN_PACK = ["the status of the ancestors", "whether its batch was recalled", "newer versions"];

/** Input of {@link verifyPack}. */
export interface VerifyPackRequest extends Pick<HashModelOptions, "ignorePaths" | "hfCache" | "onTotal" | "onBytes"> {
  readonly modelPath: string;
  readonly pack: PackFile;
  /** What the verifier trusts: the hash of the block, and the address of the registry. */
  readonly trusted: { readonly blockHash: Hex; readonly registry: string; readonly chainId?: bigint };
}

/**
 * Verifies a model with a pack alone: the block hash that is trusted proves the header, the header the registry's state,
 * the state the record, the record the metadata, and the metadata names every file. Nothing is asked of a network, and the
 * answer is that of the block: what was said of the model later is not in it.
 *
 * @throws {ProvenanceError} `PACK_INVALID` if a proof does not hold, `CHAIN_MISMATCH` if the pack is of another block,
 *   chain or registry, and as {@link hashModel}
 */
export async function verifyPack(request: VerifyPackRequest): Promise<VerifyReport> {
  const { modelPath, pack, trusted, ...hashing } = request;
  const header = checkPlace(pack, trusted);
  const { storageRoot, codeHash } = proveContract(header.stateRoot, pack.registry, pack.accountProof);
  const record = await proveRecord(pack, storageRoot);
  const model = await hashModel(modelPath, { ...hashing });
  const findings = new Findings();
  findings.check(`the record is proved by block ${header.number}, whose hash you gave`, true);
  checkCode(pack, codeHash, findings);
  const place = `a pack holds the record alone, as of block ${header.number}`;
  for (const what of NOT_IN_PACK) findings.skip(what, place);
  const report = await compare(model, pack, record, findings);
  const state = `As of block ${header.number} (${new Date(header.timestamp * 1000).toISOString()}).`;
  return { ...report, warnings: [...(await warningsOf(model)), state, ...report.warnings] };
}

function checkPlace({ block, registry, chainId }: PackFile, trusted: VerifyPackRequest["trusted"]): BlockHeader {
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
  return header;
}

async function proveRecord(pack: PackFile, storageRoot: Hex): Promise<ModelRecord> {
  const proofs = pack.storageProofs.map(({ slot, proof }) => ({ slot: slot, proof: proof }));
  const record = await readRecordSlots(BigInt(pack.tokenId), readProvedSlots(storageRoot, proofs));
  if (record !== undefined) return record;
  throw new ProvenanceError("PACK_INVALID", `The pack proves that there is no token ${pack.tokenId} in its block.`);
}

async function compare(
  model: HashedModel,
  pack: PackFile,
  record: ModelRecord,
  findings: Findings,
): Promise<VerifyReport> {
  const store = packedBlocks(pack);
  const { metadata, expected } = await readStatement({ store }, record, findings);
  const registry = { address: getAddress(pack.registry), chainId: BigInt(pack.chainId) };
  const counts = { method: "digests", filesChecked: model.resources.length } as const;
  const base = { ...counts, model, registry, record, sameWeights: [], ...findings.lists() };
  if (metadata === undefined || expected === undefined) {
    const reason = "The pack lacks the metadata: the files could not be compared.";
    return { ...base, verdict: "unchecked", reason, files: [] };
  }
  const found = { ...base, metadata, filesRecorded: expected.length };
  const isRecorded = findings.check(
    "the contents of all files are recorded under this token id",
    digestsOf(model.resources).includes(record.tokenId),
  );
  const named = isRecorded
    ? compareNamed(model, expected, findings)
    : { verdict: "mismatch" as const, files: compareResources(expected, model.resources) };
  const report = { ...found, files: named.files };
  const isOwn = checkManifestDigest(expected, record, findings);
  checkSaid(metadata, record, pack, findings);
  const signed = await checkOmsBundle(metadata, digestsOf(expected), store, findings);
  if (!isRecorded || named.verdict !== "verified" || !isOwn || !signed) {
    return { ...report, verdict: "mismatch", reason: "The files are not those that were recorded." };
  }
  return concludeEqual(report, `Exactly these files were recorded by ${record.creator}.`, {}, findings);
}

/** By its hash alone code cannot be told from the same code with other comments: a difference decides nothing. */
function checkCode({ registry, chainId }: PackFile, codeHash: Hex, findings: Findings): void {
  if (codeHash === buildCodeHash({ address: getAddress(registry), chainId: BigInt(chainId) })) {
    findings.check("the registry's code is that of ModelProvenanceNFT, as this version has it", true);
    return;
  }
  const why = `its hash ${codeHash} is not the one of this version's; a pack does not hold the code to compare it further`;
  findings.skip("the registry's code", why);
}

/** What the metadata says beside the files: the chain's word and the creator's signature. */
function checkSaid(metadata: Metadata, record: ModelRecord, pack: PackFile, findings: Findings): void {
  for (const { field, chain, metadata: stated } of findContradictions(metadata.provenance, record, undefined)) {
    findings.warnings.push(`The metadata says the ${field} is ${stated}, the chain says ${chain}.`);
  }
  const domain = { chainId: BigInt(pack.chainId), registry: getAddress(pack.registry) };
  findings.signed = isSignedByAccount(metadata, record.creator, domain);
  if (findings.signed) {
    findings.check(`the metadata is signed by its creator ${record.creator}`, true);
  } else {
    findings.warnings.push(
      `The signature in the metadata is not one of the account ${record.creator}; a contract account cannot be asked offline.`,
    );
  }
}
