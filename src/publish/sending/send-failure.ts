import { ProvenanceError } from "../../base/errors.ts";

/** What it means that a node did not take a transaction. */
export type SendFailure =
  | "known" // it has it already
  | "nonce-used" // another transaction with this nonce is in a block
  | "nonce-taken" // another with this nonce waits, and this one does not offer enough more
  | "fee-too-low" // the node keeps no transaction that offers so little
  | "refused" // for another reason
  | "unknown"; // nobody knows whether it took it

// Nodes have no codes for these; the words of go-ethereum, Erigon, Nethermind, Besu, Reth and Hardhat.
const WORDS: readonly (readonly [SendFailure, RegExp])[] = [
  ["known", /already ?known|known transaction|already imported|already in (the )?(mem)?pool/i],
  ["nonce-used", /nonce (is )?too low|old ?nonce|invalid nonce|nonce has already been used|NONCE_EXPIRED/i],
  ["nonce-taken", /replacement|REPLACEMENT_UNDERPRICED/i],
  [
    "fee-too-low",
    /underpriced|fee ?too ?low|less than (the )?(block )?base fee|below (the |configured )?(minimum|base fee)|gas price (is )?too low/i,
  ],
];
// A node that took the transaction and then lost its voice answers like one that never heard of it.
const TRANSPORT = /timeout|timed out|ECONN|EPIPE|socket hang up|fetch failed|bad gateway|server response/i;

/** Sorts the failure of a broadcast. */
export function classifySendFailure(error: unknown): SendFailure {
  const text = describe(error);
  for (const [failure, words] of WORDS) if (words.test(text)) return failure;
  const code = error instanceof ProvenanceError ? error.code : (error as { code?: unknown } | null | undefined)?.code;
  if (["TIMEOUT", "NETWORK_ERROR", "SERVER_ERROR", "CHAIN_UNREACHABLE"].includes(String(code))) return "unknown";
  return TRANSPORT.test(text) ? "unknown" : "refused";
}

function describe(error: unknown): string {
  type Layers = Partial<Record<"code" | "shortMessage" | "message" | "error" | "cause", unknown>> & {
    info?: { error?: unknown };
  };
  const words: string[] = [];
  let layer = error as Layers | undefined;
  for (let depth = 0; depth < 4 && typeof layer === "object" && layer !== null; depth++) {
    // The long message of ethers holds the whole request.
    words.push(`${String(layer.code)} ${String(layer.shortMessage ?? layer.message)}`);
    layer = (layer.error ?? layer.info?.error ?? layer.cause) as Layers | undefined;
  }
  return words.join("\n");
}
