import { parseAddress } from "../base/address.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { ListedAccount } from "../metadata/did-document.ts";
import { NETWORKS, type Network } from "../registry/networks.ts";
import type { OptionValues } from "./options.ts";

/**
 * Reads accounts as they are named: CAIP-10, or an address on the chain that is named beside.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`, `OPTION_MISSING` for an address without a chain
 */
export function readAccounts({
  publisherAccounts = [],
  chainId,
  network,
}: OptionValues<"publisherAccounts" | "chainId" | "network">): ListedAccount[] {
  const known = NETWORKS.find(({ name }) => name === network) as Network | undefined;
  return publisherAccounts.map((text) => {
    const [, chain, address = text] = /^eip155:([1-9]\d{0,31}):(.*)$/.exec(text) ?? [];
    const account = parseAddress(address);
    if (account === undefined) {
      const form = "0x and 40 hex digits, with a right checksum if any, or eip155:<chain>:0x…";
      throw new ProvenanceError("OPTION_INVALID", `PUBLISHER_ACCOUNTS takes ${form}, got ${JSON.stringify(text)}.`);
    }
    const on = chain === undefined ? (chainId ?? known?.chainId) : BigInt(chain);
    if (on !== undefined) return { chainId: on, account };
    const hint = `Of which chain is ${account}? Write eip155:<chain>:${account}, or name it: CHAIN_ID (--chain-id).`;
    throw new ProvenanceError("OPTION_MISSING", hint);
  });
}
