/** A question to a node, as JSON-RPC has it. */
export interface NodeQuestion {
  readonly method: string;
  readonly params?: unknown;
}

/** Asks a node. */
export type AskNode = (question: NodeQuestion) => Promise<unknown>;

/** Effects of {@link steady}. */
export interface SteadyOptions {
  /** Waits. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told that Ponder lost a block in the middle of following a chain that went back. */
  readonly onLost: (text: string) => void;
}

// A node behind others may know a block a moment later than they do. One that is gone does not come back.
const PAUSES = [100, 300, 900];
// Ponder asks anything else ten times, for a minute and more, and follows no chain meanwhile.
const NEVER_ASKED_AGAIN = -32601;

/** An answer that Ponder takes as it is. */
class BlockGone extends Error {
  readonly code = NEVER_ASKED_AGAIN;
}

/**
 * Asks a node so that Ponder 0.16 stays in step with a chain that takes blocks back.
 *
 * - It asks for the newest block every second, whether or not the last answer has come, and takes an answer that was
 *   overtaken for the chain of now. So whoever was overtaken gets the newer one.
 * - What a node no longer knows it asks for ten times, and all else waits for more than a minute. So that ends at once.
 * - While it walks back along a new chain whose blocks go as well, it forgets blocks of which its tables still have the
 *   rows. Only a start makes the two agree again, so `onLost` is told.
 */
export function steady(ask: AskNode, { pause, onLost }: SteadyOptions): AskNode {
  let asked = 0;
  let newest: { readonly turn: number; readonly block: unknown } = { turn: 0, block: undefined };
  const askNewest = async (question: NodeQuestion): Promise<unknown> => {
    const turn = ++asked;
    const block = await ask(question);
    if (turn > newest.turn) newest = { turn, block };
    return newest.block;
  };
  const isThere = async (hash: string): Promise<boolean> =>
    (await askPatiently({ method: "eth_getBlockByHash", params: [hash, false] })) !== null;
  const askPatiently = async (question: NodeQuestion): Promise<unknown> => {
    let answer = await ask(question);
    for (const milliseconds of PAUSES) {
      if (answer !== null) break;
      await pause(milliseconds);
      answer = await ask(question);
    }
    return answer;
  };
  return async (question) => {
    const { method, params } = question as { method: string; params?: readonly unknown[] };
    const [first] = params ?? [];
    if (method === "eth_getBlockByNumber") return first === "latest" ? askNewest(question) : askPatiently(question);
    if (method === "eth_getBlockByHash") {
      const block = await askPatiently(question);
      if (block === null) onLost(`the block ${String(first)} is gone`);
      return block;
    }
    const hash = hashIn(method, first);
    if (hash === undefined) return ask(question);
    try {
      return await ask(question);
    } catch (error) {
      if (await isThere(hash)) throw error;
      throw new BlockGone(`the block ${hash} is gone`, { cause: error });
    }
  };
}

/** The block of which a question asks what it holds. */
function hashIn(method: string, first: unknown): string | undefined {
  const named = method === "eth_getLogs" ? (first as { blockHash?: unknown } | undefined)?.blockHash : first;
  const isOne = method === "eth_getLogs" || method === "eth_getBlockReceipts";
  return isOne && typeof named === "string" && named.length === 66 ? named : undefined;
}
