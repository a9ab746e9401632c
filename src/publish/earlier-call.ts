import type { Provider } from "ethers";
import { toChainError } from "../registry/chain-error.ts";
import type { CallJournal } from "./journal/publisher-state.ts";
import type { ContractCall } from "./sending/sending.ts";
import { inspectSent } from "./sending/sent-transaction.ts";

// Who runs a verb again after it broke off does so within this; later the same words are a new wish.
const SAME_WISH_SECONDS = 3600;

/**
 * Looks what became of a call that an earlier run sent and did not see mined. One that was mined long ago is forgotten: a
 * status may have been lifted since, and whoever sets it again means it.
 *
 * @returns what to say of it; undefined where nothing of it counts any more
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, `STATE_FAILED`
 */
export async function findEarlierCall(
  provider: Provider,
  { journal }: CallJournal,
  { contractInterface }: ContractCall,
): Promise<string | undefined> {
  if (journal.entry.sent.length === 0) return undefined;
  try {
    const found = await inspectSent(provider, journal.entry.sent);
    if (found.kind === "none" || found.kind === "reverted" || found.kind === "replaced") return undefined;
    const { hash = "", from, nonce } = found.attempt;
    if (found.kind !== "mined") return `An earlier run sent this in the transaction ${hash}: it is waited for.`;
    if (await isStale(provider, from, nonce, found.transaction.blockNumber)) {
      await journal.update({ sent: [] });
      return undefined;
    }
    return `An earlier run sent this in the transaction ${hash}, which was mined since: nothing is sent. Run again to do it anew.`;
  } catch (error) {
    throw toChainError(error, contractInterface);
  }
}

/** Tells whether the account did something else since, or time went by: that of the chain. */
async function isStale(provider: Provider, from: string, nonce: number, blockNumber: number): Promise<boolean> {
  if ((await provider.getTransactionCount(from, "latest")) > nonce + 1) return true;
  const [then, now] = await Promise.all([provider.getBlock(blockNumber), provider.getBlock("latest")]);
  return then !== null && now !== null && now.timestamp - then.timestamp > SAME_WISH_SECONDS;
}
