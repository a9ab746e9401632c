import { JsonRpcProvider } from "ethers";

/**
 * The node at a URL, as one asks it from a test. Nothing that it answered is kept: ethers otherwise gives the number of a block that
 * was asked for within the last quarter of a second once more, when a transaction has been mined since.
 *
 * @param chainId - the node is asked for it unless it is given
 */
export function nodeAt(url: string, chainId?: number): JsonRpcProvider {
  const staticNetwork = chainId !== undefined;
  return new JsonRpcProvider(url, chainId, { staticNetwork, cacheTimeout: -1, pollingInterval: 50 });
}
