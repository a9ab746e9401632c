import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import type { Moment } from "../base/values.ts";
import { toChainError } from "./chain-error.ts";
import { type ModelRecord, type Status, readModelRecord } from "./model-record.ts";
import type { Registry } from "./registry.ts";
import { readAdministration } from "./roles.ts";

/** What an account is to a model; it can be several at once. */
export interface Standing {
  readonly isOwner: boolean;
  readonly isCreator: boolean;
  readonly isCurator: boolean;
}

/** Reads the record of a token that must exist. @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE` */
export async function requireRecord(registry: Registry, tokenId: bigint): Promise<ModelRecord> {
  const record = await readModelRecord(registry, tokenId);
  if (record !== undefined) return record;
  const text = `There is no token ${toHex32(tokenId)} in the registry ${registry.address}. Check the id and the registry.`;
  throw new ProvenanceError("TOKEN_UNKNOWN", text);
}

/** Refuses what the registry lets only the owner of a token do. @throws {ProvenanceError} `TRANSACTION_REFUSED` */
export function assertOwner({ tokenId, owner }: ModelRecord, account: string): void {
  if (owner === account) return;
  throw refused(`${account} is not the owner of the token ${toHex32(tokenId)}: that is ${owner}`);
}

/** Refuses what the registry lets only the creator of a model do. @throws {ProvenanceError} `TRANSACTION_REFUSED` */
export function assertCreator({ tokenId, creator }: ModelRecord, account: string): void {
  if (creator === account) return;
  throw refused(`${account} is not the creator of the model ${toHex32(tokenId)}: that is ${creator}`);
}

/**
 * Refuses what the registry lets only its admin do.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function assertAdmin(registry: Registry, account: string): Promise<void> {
  const { admin } = await readAdministration(registry);
  if (admin === account) return;
  const who = admin === undefined ? "it has none any more" : `that is ${admin}`;
  throw refused(`${account} is not the admin of the registry ${registry.address}: ${who}`);
}

/**
 * Refuses a status that the registry would not let an account set, by the rules of `StatusRules.sol`. Whether
 * somebody stronger holds what is deprecated the registry says.
 *
 * @param what - names the model or batch in the message
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`
 */
export function assertStatusAllowed(what: string, current: Status, next: Status, account: string, by: Standing): void {
  const mayRevoke = by.isCreator || by.isCurator;
  if (!mayRevoke && !by.isOwner) {
    throw refused(`${account} is neither owner nor creator of ${what}, nor a curator of the registry`);
  }
  if (current === "revoked") throw refused(`${what} is revoked, and that is final`);
  if (next === "revoked" && !mayRevoke) {
    throw refused(`${account} owns ${what} and may deprecate it; only its creator and curators revoke`);
  }
}

/** The time of the newest block: Unix time in seconds, as the registry reads it. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readChainTime({ provider, contract }: Registry): Promise<bigint> {
  const block = await provider.getBlock("latest").catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  if (block === null) throw new ProvenanceError("CHAIN_UNREACHABLE", "The node does not know its newest block.");
  return BigInt(block.timestamp);
}

/** A time as it was said, in seconds of Unix time. What is counted from now is counted from the newest block. */
export async function resolveMoment(registry: Registry, moment: Moment): Promise<bigint> {
  return "at" in moment ? moment.at : (await readChainTime(registry)) + moment.after;
}

/** An answer before anything is sent: the registry would say the same, for gas. */
export function refused(fault: string): ProvenanceError {
  return new ProvenanceError("TRANSACTION_REFUSED", `The registry would refuse this, so nothing was sent: ${fault}.`);
}
