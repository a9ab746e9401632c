import { ProvenanceError } from "../base/errors.ts";
import { hasRole } from "../registry/roles.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";

/**
 * Makes sure that an account may mint, before anything is pinned.
 *
 * @throws {ProvenanceError} `NOT_MINTER`, `CHAIN_UNREACHABLE`
 */
export async function assertMinter(registry: Registry, account: string): Promise<void> {
  if (await hasRole(registry, "minter", account)) return;
  throw new ProvenanceError(
    "NOT_MINTER",
    `The account ${account} does not have the minter role of the registry ${registry.address}. Ask its admin to grant it.`,
  );
}

/** Encodes the call that mints one model. @returns 0x-hex */
export function encodeMint({ contract }: Registry, to: string, submission: ModelSubmission): string {
  return contract.interface.encodeFunctionData("mintProvenanceNFT", [to, submission]);
}
