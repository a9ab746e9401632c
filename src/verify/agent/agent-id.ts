import { parseAddress } from "../../base/address.ts";

/** An agent of an Identity Registry. @see https://eips.ethereum.org/EIPS/eip-8004 */
export interface AgentId {
  readonly chainId: bigint;
  /** Of the Identity Registry, with EIP-55 checksum. */
  readonly registry: string;
  readonly agentId: bigint;
}

const FORM = /^eip155:([1-9]\d{0,31}):(0x[0-9a-fA-F]{40})\/(0|[1-9]\d{0,77})$/;
const MAX_ID = 2n ** 256n - 1n;

/**
 * Reads what names an agent everywhere: the CAIP-10 account of its registry and its id there, `eip155:1:0x…/22`.
 *
 * @returns undefined for anything else, also for an address with a wrong checksum
 */
export function parseAgentId(text: string): AgentId | undefined {
  const [, chain = "", address = "", id = ""] = FORM.exec(text) ?? [];
  const registry = parseAddress(address);
  if (registry === undefined || BigInt(id) > MAX_ID) return undefined;
  return { chainId: BigInt(chain), registry, agentId: BigInt(id) };
}

/** Writes what {@link parseAgentId} reads. */
export function formatAgentId({ chainId, registry, agentId }: AgentId): string {
  return `eip155:${chainId}:${registry}/${agentId}`;
}
