/** The id of the chain that Hardhat's node and anvil start. */
export const LOCAL_CHAIN_ID = 31337n;

/** The ids that development chains have. */
export const DEVELOPMENT_CHAIN_IDS: ReadonlySet<bigint> = new Set([LOCAL_CHAIN_ID, 1337n]);

/** Tells whether a chain is a development chain, on which nothing is public or costs anything, and which may be started again. */
export function isDevelopmentChain(chainId: bigint): boolean {
  return DEVELOPMENT_CHAIN_IDS.has(chainId);
}
