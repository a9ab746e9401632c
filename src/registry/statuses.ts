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

/** What was said of a model or a batch last: by whom, when and why. */
export interface StatusStatement {
  readonly status: Status;
  readonly account: string;
  /** Unix time in seconds. */
  readonly time: number;
  /** A stranger's words. */
  readonly reason: string;
}

/**
 * Reads who said what is said now of a token, when and why: in one call, without searching events.
 *
 * @returns undefined where nothing was ever said
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE`
 */
export async function readStatus({ contract }: Registry, tokenId: bigint): Promise<StatusStatement | undefined> {
  try {
    return toStatement(await contract.getStatus(tokenId));
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/** What `getStatus` or `getAnchor` answered, in our words. */
export function toStatement(answer: {
  readonly status: bigint;
  readonly account: string;
  readonly time: bigint;
  readonly reason: string;
}): StatusStatement | undefined {
  const { account, reason } = answer;
  if (account === ZeroAddress) return undefined;
  return { status: STATUSES[Number(answer.status)] as Status, account, time: Number(answer.time), reason };
}
