import { ZeroAddress } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import { relationOf } from "../metadata/build-provenance.ts";
import type { Provenance } from "../metadata/schema.ts";
import { RELATIONS } from "../model/relation.ts";
import { toChainError } from "../registry/chain-error.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";

const FRAMEWORK_MAX_BYTES = 64;
const METRICS_MAX_BYTES = 31;
const VERSION_MAX_BYTES = 64;

/**
 * Turns a provenance into the contract's submission, so that chain and metadata say the same.
 *
 * @param warn - called when the headline metric is too long to be stored on chain
 * @throws {ProvenanceError} `OPTION_INVALID` for a framework or version of more than 64 bytes
 */
export function toSubmission(
  provenance: Provenance,
  metadataDigest: Hex,
  warn: (text: string) => void,
): ModelSubmission {
  const { framework, royalty, baseModels = [] } = provenance;
  const frameworkText = [framework?.name, framework?.version].filter(Boolean).join(" ");
  assertLength("framework", frameworkText, FRAMEWORK_MAX_BYTES);
  assertLength("version", provenance.version ?? "", VERSION_MAX_BYTES);
  return {
    modelDigest: provenance.modelDigest,
    manifestRoot: provenance.manifestRoot,
    weightsDigest: provenance.weightsDigest ?? ZERO_DIGEST,
    datasetDigest: provenance.datasetDigest ?? ZERO_DIGEST,
    metadataDigest,
    relation: RELATIONS.indexOf(relationOf(provenance)),
    parents: (provenance.parents ?? []).map(({ tokenId }) => BigInt(tokenId)),
    baseModelDigest: baseModels.length === 1 ? (baseModels[0]?.digest ?? ZERO_DIGEST) : ZERO_DIGEST,
    framework: frameworkText,
    license: provenance.license ?? "",
    performanceMetrics: headlineMetric(provenance, warn),
    version: provenance.version ?? "",
    royaltyReceiver: royalty?.receiver ?? ZeroAddress,
    royaltyBasisPoints: royalty?.basisPoints ?? 0,
  };
}

/**
 * Makes sure that an account may mint, before anything is pinned.
 *
 * @throws {ProvenanceError} `NOT_MINTER`, `CHAIN_UNREACHABLE`
 */
export async function assertMinter({ contract, address }: Registry, account: string): Promise<void> {
  const role = await contract.MINTER_ROLE().catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  if (await contract.hasRole(role, account)) return;
  throw new ProvenanceError(
    "NOT_MINTER",
    `The account ${account} does not have the minter role of the registry ${address}. Ask its admin to grant it.`,
  );
}

/** Encodes the call that mints one model. @returns 0x-hex */
export function encodeMint({ contract }: Registry, to: string, submission: ModelSubmission): string {
  return contract.interface.encodeFunctionData("mintProvenanceNFT", [to, submission]);
}

function assertLength(what: string, text: string, maximum: number): void {
  if (Buffer.byteLength(text) <= maximum) return;
  throw new ProvenanceError("OPTION_INVALID", `The ${what} ${text} has more than ${maximum} bytes. Shorten it.`);
}

function headlineMetric(provenance: Provenance, warn: (text: string) => void): string {
  const metric = provenance.metrics?.[0];
  if (metric === undefined) return "";
  const value = typeof metric.value === "number" ? Number(metric.value.toPrecision(4)) : metric.value;
  const text = `${metric.name}=${value}`;
  if (Buffer.byteLength(text) <= METRICS_MAX_BYTES) return text;
  warn(`The metric ${text} has more than ${METRICS_MAX_BYTES} bytes: it is in the metadata, not on chain.`);
  return "";
}
