import type { ProvenanceErrorCode } from "../base/errors.ts";
import { VERDICTS } from "../verify/conclude.ts";
import type { Verdict } from "../verify/report.ts";

/** What the process answers; a gate must treat every code but 0 as closed. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unknown: 3,
  unchecked: 4,
  unacceptable: 5,
  refused: 6,
  interrupted: 130,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const RETRYABLE = new Set<ProvenanceErrorCode>([
  "MODEL_UNREADABLE",
  "MODEL_CHANGED",
  "STORE_BLOCK_MISSING",
  "STORE_BLOCK_CORRUPT",
  "STORE_FAILED",
  "STATE_FAILED",
  "TRANSACTION_PENDING",
  "CHAIN_UNREACHABLE",
  "METADATA_DIGEST_MISMATCH",
  "METADATA_INVALID",
  "TARGET_FAILED",
  "HUB_UNREACHABLE",
  "QUEUE_UNREACHABLE",
  "SEAL_LOST",
  "HUB_RATE_LIMITED",
  "HUB_ANSWER_INVALID",
]);
const UNACCEPTABLE = new Set<ProvenanceErrorCode>(["CONTENT_NOT_PINNED", "MODEL_REVOKED", "RECORD_CONTRADICTS"]);
const REFUSED = new Set<ProvenanceErrorCode>([
  "SIGNATURE_REFUSED",
  "NOT_MINTER",
  "ALREADY_MINTED",
  "BATCH_TOO_LARGE",
  "COST_TOO_HIGH",
  "TRANSACTION_REFUSED",
]);
const UNKNOWN = new Set<ProvenanceErrorCode>(["TOKEN_UNKNOWN", "PARENT_UNKNOWN", "ANCHOR_UNKNOWN"]);

/** The exit code of a verdict. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  return VERDICTS[verdict].exitCode;
}

/** The exit code of a failure. */
export function exitCodeOfError(code: ProvenanceErrorCode): ExitCode {
  if (code === "INTERRUPTED") return EXIT.interrupted;
  if (UNACCEPTABLE.has(code)) return EXIT.unacceptable;
  if (REFUSED.has(code)) return EXIT.refused;
  if (UNKNOWN.has(code)) return EXIT.unknown;
  return RETRYABLE.has(code) ? EXIT.unchecked : EXIT.usage;
}
