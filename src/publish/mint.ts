import { ProvenanceError } from "../base/errors.ts";
import { hasRole, readAdministration } from "../registry/roles.ts";
import type { BatchProof } from "../registry/batches/batch-files.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import { toSubmission } from "../registry/to-submission.ts";
import type { MintableModel } from "./mint-context.ts";

/**
 * Makes sure that an account may mint, before anything is pinned.
 *
 * @throws {ProvenanceError} `NOT_MINTER`, `CHAIN_UNREACHABLE`
 */
export async function assertMinter(registry: Registry, account: string): Promise<void> {
  if (await hasRole(registry, "minter", account)) return;
  const { address, chainId } = registry;
  const { admin } = await readAdministration(registry);
  const command = `model-provenance roles grant minter ${account} --contract ${address} --chain-id ${chainId} --rpc-url …`;
  const who = admin === undefined ? "Nobody administers it any more." : `Its admin ${admin} can run: ${command}`;
  const text = `The account ${account} does not have the minter role of the registry ${address}. ${who}`;
  throw new ProvenanceError("NOT_MINTER", text);
}

/** Encodes the call that mints one model. @returns 0x-hex */
export function encodeMint({ contract }: Registry, to: string, submission: ModelSubmission): string {
  return contract.interface.encodeFunctionData("mintProvenanceNFT", [to, submission]);
}

/** Encodes the call that mints one model of a batch of the account that sends it. @returns 0x-hex */
export function encodeMintAnchored(
  { contract }: Registry,
  to: string,
  { root, submission, proof }: BatchProof,
): string {
  return contract.interface.encodeFunctionData("mintAnchored", [root, to, submission, [...proof]]);
}

/** Encodes the call that makes the token of a prepared model: from its batch, where it has one. @returns 0x-hex */
export function encodePrepared(
  registry: Registry,
  to: string,
  { built, anchored }: MintableModel,
  warn: (text: string) => void,
): string {
  if (anchored !== undefined) return encodeMintAnchored(registry, to, anchored);
  return encodeMint(registry, to, toSubmission(built.metadata.provenance, built.metadataDigest, warn));
}
