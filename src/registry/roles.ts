import { ZeroAddress, ZeroHash, id } from "ethers";
import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";
import type { MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "../publish/sending/transaction.ts";

/** The roles of a registry; there is one admin at most. */
export const ROLES = ["admin", "minter", "curator"] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];
/** A role that is given and taken in one step. */
export type GrantedRole = Exclude<Role, "admin">;

const ROLE_IDS: Record<Role, string> = { admin: ZeroHash, minter: id("MINTER_ROLE"), curator: id("CURATOR_ROLE") };

/** Who administers a registry, and who will. */
export interface Administration {
  /** Undefined where it was renounced. */
  readonly admin?: string;
  /** Whom the admin named as the next one; it may accept after this Unix time in seconds. */
  readonly pending?: { readonly account: string; readonly acceptableAfter: number };
  /** Seconds between naming the next admin and its acceptance. */
  readonly delay: number;
}

/**
 * Gives an account a role. For the admin.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function grantRole(
  registry: Registry,
  role: GrantedRole,
  account: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("grantRole", [ROLE_IDS[role], account]);
  return changeRegistry(registry, data, context);
}

/**
 * Takes a role from an account. For the admin, and for the account itself.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function revokeRole(
  registry: Registry,
  role: GrantedRole,
  account: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const { interface: contractInterface } = registry.contract;
  const isOwn = (await context.signer.getAddress()) === account;
  const data = isOwn
    ? contractInterface.encodeFunctionData("renounceRole", [ROLE_IDS[role], account])
    : contractInterface.encodeFunctionData("revokeRole", [ROLE_IDS[role], account]);
  return changeRegistry(registry, data, context);
}

/**
 * Names the next admin, who has to accept after a delay. For the admin; who was named before is forgotten.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function beginAdminTransfer(
  registry: Registry,
  account: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("beginDefaultAdminTransfer", [account]);
  return changeRegistry(registry, data, context);
}

/**
 * Forgets who was named as the next admin. For the admin.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function cancelAdminTransfer(registry: Registry, context: TransactionContext): Promise<MinedTransaction> {
  return changeRegistry(
    registry,
    registry.contract.interface.encodeFunctionData("cancelDefaultAdminTransfer"),
    context,
  );
}

/**
 * Becomes the admin. For the account that was named, after the delay.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function acceptAdminTransfer(registry: Registry, context: TransactionContext): Promise<MinedTransaction> {
  return changeRegistry(
    registry,
    registry.contract.interface.encodeFunctionData("acceptDefaultAdminTransfer"),
    context,
  );
}

/** Tells whether an account has a role. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function hasRole({ contract }: Registry, role: Role, account: string): Promise<boolean> {
  return contract.hasRole(ROLE_IDS[role], account).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

/** Reads who administers a registry. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readAdministration({ contract }: Registry): Promise<Administration> {
  try {
    const [admin, [account, schedule], delay] = await Promise.all([
      contract.defaultAdmin(),
      contract.pendingDefaultAdmin(),
      contract.defaultAdminDelay(),
    ]);
    return {
      ...(admin !== ZeroAddress && { admin }),
      ...(account !== ZeroAddress && { pending: { account, acceptableAfter: Number(schedule) } }),
      delay: Number(delay),
    };
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/** The name of a role by its id; undefined for one that this package does not know. */
export function roleOfId(roleId: string): Role | undefined {
  return ROLES.find((role) => ROLE_IDS[role] === roleId);
}
