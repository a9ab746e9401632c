import type { Registry } from "../registry/registry.ts";
import { type GrantedRole, ROLE_IDS } from "../registry/roles.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "./transact.ts";

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

/**
 * Sets the contract that every transfer of a token asks (ERC-721C). For the admin.
 *
 * @param validator - its address; the zero address: none
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` (also: there is no contract), `CHAIN_UNREACHABLE`
 */
export async function setTransferValidator(
  registry: Registry,
  validator: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("setTransferValidator", [validator]);
  return changeRegistry(registry, data, context);
}

/**
 * Sets the contract that draws the tokens. For the admin, until it is locked.
 *
 * @param renderer - its address; the zero address: none
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` (also: locked, or there is no contract), `CHAIN_UNREACHABLE`
 */
export async function setRenderer(
  registry: Registry,
  renderer: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = registry.contract.interface.encodeFunctionData("setRenderer", [renderer]);
  return changeRegistry(registry, data, context);
}

/**
 * Keeps the present renderer, or none, for ever. For the admin.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function lockRenderer(registry: Registry, context: TransactionContext): Promise<MinedTransaction> {
  return changeRegistry(registry, registry.contract.interface.encodeFunctionData("lockRenderer"), context);
}
