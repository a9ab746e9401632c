import { ProvenanceError } from "../../base/errors.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { findReplacement } from "./find-replacement.ts";
import type { Unsent } from "./send-transaction.ts";
import { SYSTEM_CLOCK, type Sender, type Sending, digestCall, markOutcome } from "./sending.ts";

/** How the waiting for a wallet went so far. */
export interface Waited {
  /** Why it may not have been sent. */
  readonly unsent: Unsent | undefined;
  /** Since when the node knows nothing of it. */
  unknownAt: number | undefined;
}

// What a wallet sent by a node of its own is known to others a moment later.
const UNSEEN_MILLISECONDS = 5_000;

/**
 * Waits for what the node knows nothing of, as long as the wallet told its hash.
 *
 * @throws {ProvenanceError} `TRANSACTION_PENDING` where it told none, and nothing shows
 */
export function waitForWallet({ hash }: Attempt, { options }: Sender, seen: Waited): undefined {
  const now = (options.clock ?? SYSTEM_CLOCK).now();
  seen.unknownAt ??= now;
  if (hash !== undefined || now - seen.unknownAt < UNSEEN_MILLISECONDS) return undefined;
  const said = seen.unsent === undefined ? "did not answer" : `answered "${seen.unsent.words}"`;
  throw new ProvenanceError(
    "TRANSACTION_PENDING",
    `The wallet ${said}, and the node knows of no transaction that it sent. Look in the wallet: where nothing waits there, ask again.`,
  );
}

/**
 * Looks what a wallet sent in the place of a transaction. The same call is a dearer one, and counts.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` where it is another call, or cannot be found
 */
export async function followReplacement(attempt: Attempt, { sender, log, call }: Sending): Promise<undefined> {
  const found = await findReplacement(sender.provider, attempt).catch(() => undefined);
  if (
    found?.to === call.to.toLowerCase() &&
    found.value === (call.value ?? 0n) &&
    digestCall(found.data) === attempt.call
  ) {
    sender.onSent(found.hash);
    await log.update({ sent: [...log.entry.sent, { ...attempt, hash: found.hash }] });
    return undefined;
  }
  await markOutcome(log, attempt, "replaced");
  const what =
    found === undefined ? "another transaction" : `the transaction ${found.hash}, which does something else,`;
  throw new ProvenanceError(
    "TRANSACTION_REFUSED",
    `It was cancelled: in the place of ${attempt.hash ?? "what the wallet was asked for"}, ${what} of the account ${attempt.from} is in a ` +
      `block. Nothing was sent again: look in the wallet, and ask anew if it is still wanted.`,
  );
}
