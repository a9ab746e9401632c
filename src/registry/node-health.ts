import type { JsonRpcApiProvider, Provider } from "ethers";
import { isDevelopmentChain } from "./development-chain.ts";

// Twice the slowest public chain's longest usual gap between blocks.
const BEHIND_SECONDS = 10 * 60;

/**
 * Says what is odd about a node: one that is still catching up may know nothing of a model that was minted long ago.
 *
 * @param now - milliseconds since 1970
 * @returns sentences; none for a node that is up to date or does not tell
 */
export async function describeNodeHealth(provider: Provider, chainId: bigint, now: number): Promise<string[]> {
  if (isDevelopmentChain(chainId)) return []; // Makes a block only when something is sent.
  const [syncing, block] = await Promise.all([
    ask(provider, "eth_syncing"),
    provider.getBlock("latest").catch(() => null),
  ]);
  const warnings: string[] = [];
  if (typeof syncing === "object" && syncing !== null) {
    const { currentBlock, highestBlock } = syncing as { currentBlock?: string; highestBlock?: string };
    const where = currentBlock && highestBlock ? ` (block ${Number(currentBlock)} of ${Number(highestBlock)})` : "";
    warnings.push(`The node is still catching up with the chain${where}: what it says may be old.`);
  }
  const seconds = block === null ? 0 : Math.floor(now / 1000) - block.timestamp;
  if (seconds > BEHIND_SECONDS) {
    const minutes = Math.floor(seconds / 60);
    warnings.push(`The newest block that the node has is ${minutes} minutes old: it may be behind the chain.`);
  }
  return warnings;
}

async function ask(provider: Provider, method: string): Promise<unknown> {
  const { send } = provider as Partial<Pick<JsonRpcApiProvider, "send">>;
  // Many services do not answer this.
  return send === undefined ? undefined : send.call(provider, method, []).catch(() => undefined);
}
