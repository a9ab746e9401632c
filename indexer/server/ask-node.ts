const NODE_TIMEOUT = 5000;

/** Asks a node. @returns what it answers; undefined where it does not, whatever the reason */
export async function askNode(rpcUrl: string, method: string, params: readonly unknown[]): Promise<unknown> {
  try {
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(NODE_TIMEOUT),
    });
    return ((await response.json()) as { result?: unknown }).result;
  } catch {
    return undefined;
  }
}

/** The hash of a block by its number; undefined where the node does not answer, or has no such block. */
export async function readHash(rpcUrl: string, block: number): Promise<string | undefined> {
  const found = (await askNode(rpcUrl, "eth_getBlockByNumber", [`0x${block.toString(16)}`, false])) as {
    hash?: unknown;
  } | null;
  return typeof found?.hash === "string" ? found.hash : undefined;
}
