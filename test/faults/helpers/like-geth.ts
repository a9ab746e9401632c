import { type Intercept, type RpcAnswer } from "./rpc-proxy.ts";
import type { World } from "./publishing-world.ts";

/** How a node like go-ethereum behaves beside its answers. */
export interface LikeGeth {
  /** Makes a block after so many questions for a receipt of a transaction that is sent; never when left out. */
  readonly mineAfter?: number;
  /** Answers a broadcast: what it gets forwards it. */
  readonly onBroadcast?: (forward: () => Promise<RpcAnswer>) => Promise<RpcAnswer>;
  /** Changes a receipt. */
  readonly onReceipt?: (receipt: Record<string, unknown>) => unknown;
}

/**
 * Makes a proxy before a development chain answer as go-ethereum does: gas is estimated on the latest block, so that what
 * waits in the mempool does not count, and blocks come when the node wants. Turn `evm_setAutomine` off before.
 */
export function likeGeth(world: World, { mineAfter = Infinity, onBroadcast, onReceipt }: LikeGeth): Intercept {
  let asked = 0;
  return async (call, forward, forwardChanged) => {
    if (call.method === "eth_estimateGas") return forwardChanged([call.params[0], "latest"]);
    if (call.method === "eth_sendRawTransaction") return (onBroadcast ?? (async (next) => next()))(forward);
    if (call.method !== "eth_getTransactionReceipt") return forward();
    if (++asked === mineAfter) {
      asked = 0;
      await world.rpc("evm_mine");
    }
    const answer = await forward();
    const isReceipt = typeof answer.result === "object" && answer.result !== null;
    return isReceipt && onReceipt ? { result: onReceipt(answer.result as Record<string, unknown>) } : answer;
  };
}

/** How many transactions of an account are in blocks since one, and how many of them did not succeed. */
export async function countTransactions({ provider }: World, account: string, fromBlock: number) {
  let [sent, reverted] = [0, 0];
  const last = await provider.getBlockNumber();
  for (let number = fromBlock + 1; number <= last; number++) {
    const block = await provider.getBlock(number, true);
    for (const { hash, from } of block?.prefetchedTransactions ?? []) {
      if (from !== account) continue;
      sent++;
      if ((await provider.getTransactionReceipt(hash))?.status !== 1) reverted++;
    }
  }
  return { sent, reverted };
}
