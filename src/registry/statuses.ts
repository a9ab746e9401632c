import { ZeroAddress } from "ethers";
import { toChainError } from "./chain-error.ts";
import { STATUSES, type Status } from "./model-record.ts";
import type { Registry } from "./registry.ts";

/** A status to be set, and why. */
export interface StatusChange {
  readonly status: Status;
  /** Stored for everybody to read: at most 256 bytes of UTF-8. */
  readonly reason: string;
}

/** What is said of a model or of a batch now. */
export interface Statement {
  readonly status: Status;
  /** Who set the status; undefined: nobody yet, and it is active. */
  readonly account?: string;
  /** Unix time in seconds at which it was set. */
  readonly time?: number;
  /** Why, in the words of that account; empty where none were given. */
  readonly reason: string;
}

/** The words of `getStatus` and `getAnchor`. */
interface Answer {
  readonly status: bigint;
  readonly account: string;
  readonly time: bigint;
  readonly reason: string;
}

/**
 * Reads what is said of a model now, with who said it, when and why: in one call, without searching events.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE`
 */
export async function readStatus({ contract }: Registry, tokenId: bigint): Promise<Statement> {
  try {
    return toStatement(await contract.getStatus(tokenId));
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/** What the registry answered, in our words. */
export function toStatement({ status, account, time, reason }: Answer): Statement {
  const word = STATUSES[Number(status)] as Status;
  if (account === ZeroAddress) return { status: word, reason };
  return { status: word, account, time: Number(time), reason };
}
