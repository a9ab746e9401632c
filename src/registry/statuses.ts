import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { collectRanges } from "./block-ranges.ts";
import { toChainError } from "./chain-error.ts";
import { STATUSES, type Status } from "./model-record.ts";
import { readEvents } from "./read-events.ts";
import type { Registry } from "./registry.ts";

/** A status to be set, and why. */
export interface StatusChange {
  readonly status: Status;
  /** Emitted for everybody to read; not stored. */
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
 * Reads who said what is said now of a token, or of a batch, when and why.
 *
 * @returns undefined where nothing was ever said
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readStatus(
  registry: Registry,
  subject: bigint | { readonly root: Hex; readonly creator: string },
): Promise<StatusStatement | undefined> {
  const { filters } = registry.contract;
  const events =
    typeof subject === "bigint"
      ? await collectRanges(readEvents(registry, filters.ModelStatusChanged(subject)))
      : await collectRanges(readEvents(registry, filters.AnchorStatusChanged(subject.root, subject.creator)));
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const { status, account, reason } = last.args;
  const block = await registry.provider.getBlock(last.blockNumber).catch((error: unknown) => {
    throw toChainError(error, registry.contract.interface);
  });
  if (block === null)
    throw new ProvenanceError("CHAIN_UNREACHABLE", `The node does not know block ${last.blockNumber}.`);
  return { status: STATUSES[Number(status)] as Status, account, time: block.timestamp, reason };
}
