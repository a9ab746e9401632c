import type { IndexedChain } from "../lib/chains.ts";
import { askNode } from "./ask-node.ts";
import type { AskPonder } from "./ask-ponder.ts";
import type { ChainWatch, ReplacedBlock } from "./witness.ts";

/** How far a chain is indexed, and how far its node is. */
export interface ChainStatus {
  /** `eip155:<number>`. */
  readonly chain: string;
  /** The last block that is indexed; absent as long as nothing is. */
  readonly block?: number;
  /** Its time: Unix, in seconds. */
  readonly timestamp?: number;
  /** The newest block of the node; absent where it does not answer. */
  readonly head?: number;
  /** Blocks that the index is behind; absent where one of them is not known. Health is this number, not whether it answers. */
  readonly lag?: number;
  /** The newest block that the index takes for final, and that is on the chain; absent where the node does not tell. */
  readonly final?: number;
  /** Present where the chain took back a block that was final: what is indexed of it is worth nothing then. */
  readonly replaced?: ReplacedBlock;
  readonly registries: readonly string[];
}

const MAX_ANSWER = 64 * 1024;

/** Reads how far every chain is indexed, and compares it with the heads of the nodes: an index that is stuck answers, too. */
export async function readChainStatus(
  chains: readonly IndexedChain[],
  ask: AskPonder,
  watch: Pick<ChainWatch, "final" | "replaced">,
): Promise<ChainStatus[]> {
  const indexed = await readIndexed(ask);
  return Promise.all(
    chains.map(async ({ chainId, rpcUrl, registries }) => {
      const chain = `eip155:${chainId}`;
      const { number: block, timestamp } = indexed[chain] ?? {};
      const head = await readHead(rpcUrl);
      const lag = block === undefined || head === undefined ? undefined : Math.max(0, head - block);
      const [final, replaced] = [watch.final(chainId), watch.replaced(chainId)];
      return {
        chain,
        ...(block !== undefined && { block }),
        ...(timestamp !== undefined && { timestamp }),
        ...(head !== undefined && { head }),
        ...(lag !== undefined && { lag }),
        ...(final !== undefined && { final }),
        ...(replaced !== undefined && { replaced }),
        registries: registries.map((address) => `${chain}:${address}`),
      };
    }),
  );
}

/** Whether all that was on the chains when it was started is indexed. */
export async function isReady(ask: AskPonder): Promise<boolean> {
  return ask("/ready", MAX_ANSWER).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** How far each chain is indexed, by its name; one of which nothing is indexed is not among them. */
export async function readIndexed(ask: AskPonder): Promise<Record<string, { number: number; timestamp: number }>> {
  try {
    const { status, text } = await ask("/status", MAX_ANSWER);
    if (status !== 200) return {};
    const found = JSON.parse(text) as Record<string, { block: { number: number; timestamp: number } }>;
    return Object.fromEntries(Object.entries(found).map(([name, { block }]) => [name, block]));
  } catch {
    return {};
  }
}

async function readHead(rpcUrl: string): Promise<number | undefined> {
  const answer = await askNode(rpcUrl, "eth_blockNumber", []);
  const head = typeof answer === "string" ? Number(answer) : NaN;
  return Number.isSafeInteger(head) ? head : undefined;
}
