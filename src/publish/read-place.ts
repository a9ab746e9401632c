import type { Provider } from "ethers";
import type { Hex } from "../base/hex.ts";
import { readNodeError } from "../base/node/node-error.ts";
import { NOT_KEPT_WORDS } from "../base/node/node-words.ts";
import { toChainError } from "../registry/chain-error.ts";
import type { Registry } from "../registry/registry.ts";
import type { StatePlace } from "./journal/publisher-state.ts";
import type { ContractCall, Sender } from "./sending/sending.ts";

/**
 * What the journal of a registry is about. The first block tells a chain that was started again from the one before; not
 * every node keeps it, and where a node says that it does not, the place has none.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` where the node says nothing of it
 */
export async function readPlace({ chainId, address, provider, contract }: Registry): Promise<StatePlace> {
  return readPlaceOf({ provider, chainId }, { to: address, contractInterface: contract.interface });
}

/** The same for the contract of a call. */
export async function readPlaceOf(
  { provider, chainId }: Pick<Sender, "provider" | "chainId">,
  { to, contractInterface }: Pick<ContractCall, "to" | "contractInterface">,
): Promise<StatePlace> {
  const genesis = await askFirstBlock(provider).catch((error: unknown) => {
    throw toChainError(error, contractInterface);
  });
  return { chainId, registry: to, ...(genesis !== undefined && { genesis }) };
}

async function askFirstBlock(provider: Provider): Promise<Hex | undefined> {
  try {
    return ((await provider.getBlock(0))?.hash ?? undefined) as Hex | undefined;
  } catch (error) {
    const { kind, words } = readNodeError(error);
    if (kind === "refused" && NOT_KEPT_WORDS.test(words)) return undefined;
    throw error;
  }
}
