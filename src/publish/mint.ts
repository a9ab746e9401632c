import { ProvenanceError } from "../base/errors.ts";
import { hasRole, readAdministration } from "../registry/roles.ts";
import type { Registry } from "../registry/registry.ts";
import type { ModelSubmission } from "../registry/submission.ts";

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
