/** The ids that development chains have. */
export const DEVELOPMENT_CHAIN_IDS: ReadonlySet<bigint> = new Set([31337n, 1337n]);

/** Tells whether a chain is a development chain, on which nothing is public or costs anything, and which may be started again. */
export function isDevelopmentChain(chainId: bigint): boolean {
  return DEVELOPMENT_CHAIN_IDS.has(chainId);
}
