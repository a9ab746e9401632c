/** A chain, and the registries on it. */
export interface IndexedChain {
  readonly chainId: number;
  readonly rpcUrl: string;
  /** A development chain: it may be started again under the same number. */
  readonly isLocal: boolean;
  /** Milliseconds between two looks at the node's head. */
  readonly pollingInterval: number;
  /** Addresses, in whatever case. */
  readonly registries: readonly string[];
  /** Addresses of the markets of licences that are named beside them. */
  readonly markets: readonly string[];
  /** The earliest block of these registries. */
  readonly startBlock: number;
}

/** The variable with which the server hands the chains to Ponder, as JSON. */
export const CHAINS_VARIABLE = "INDEXER_CHAINS";

/**
 * Reads the chains that the server found in the registries file.
 *
 * @throws where the server did not start this: `npm run indexer` does
 */
export function readChains(environment: Readonly<Record<string, string | undefined>>): readonly IndexedChain[] {
  const text = environment[CHAINS_VARIABLE];
  if (text === undefined) throw new Error(`${CHAINS_VARIABLE} is not set. Start the indexer with npm run indexer.`);
  return JSON.parse(text) as IndexedChain[];
}

/** Of these chains those with a market of licences. */
export function chainsWithMarkets(environment: Readonly<Record<string, string | undefined>>): readonly IndexedChain[] {
  return readChains(environment).filter(({ markets }) => markets.length > 0);
}
