/**
 * How nodes word what they have no code for. The lists were read off the sources of go-ethereum 1.16, Erigon 3, Nethermind
 * 1.33, Besu 25, Reth 1.8, Hardhat 3 and Anvil 1.3, and the documented errors of Infura, Alchemy, QuickNode, Ankr and
 * Chainstack, in November 2026. What is in none of them is an error of the node, and no answer.
 */

/** A contract refused the call. Not "reverted" alone: a node may tell of a block that was. */
export const REVERT_WORDS =
  /execution reverted|transaction reverted|reverted with|VM Exception while processing transaction: ?revert|^VM execution error|^revert(ed)?\b/i;

/** The code of go-ethereum, and of those that follow it, for a call that was reverted. */
export const REVERT_CODE = 3;

/** Codes of JSON-RPC itself: no contract is behind them. */
export const PROTOCOL_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602]);

/** Codes that mean too many requests, whatever the words are. */
export const LIMIT_CODES: ReadonlySet<number> = new Set([429, -32029]);

/** EIP-1474's "limit exceeded": too many requests, or more events than are given at once. */
export const LIMIT_EXCEEDED = -32005;

/** Too many requests for now. */
export const LIMIT_WORDS =
  /rate.?limit|request limit|call rate|too many (concurrent )?requests|(requests|calls|credits|units) (per|\/) ?(second|sec\b|minute|min\b)|\d+\/(second|sec|minute|min)\b|per second (capacity|limit)|RPS limit|throughput|throttl|slow down/i;

/** Too many for a day or a month: waiting a minute does not help. */
export const QUOTA_WORDS = /\b(daily|monthly|per (day|month)|quota|out of credits|credits exhausted)\b/i;

/** The account has not enough to pay for a transaction. */
export const FUNDS_WORDS = /enough funds|insufficient funds/i;

/** A transaction takes more gas than it may. */
export const GAS_WORDS = /out of gas|gas required exceeds|gas limit|gas cap|intrinsic gas|gas too high|exceeds .*gas/i;

/** A node does not keep a block any more: go-ethereum since EIP-4444 (with the code 4444), and those that prune. */
export const NOT_KEPT_WORDS =
  /pruned history|history (is )?(not available|unavailable|pruned|has been pruned)|pruned|(unknown|missing) block|(block|header|resource) not found|(block|header) (does not exist|is not available|not available|is missing)/i;
