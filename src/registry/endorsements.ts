import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";
import { type MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionContext, changeRegistry } from "../publish/sending/transaction.ts";

/** A child of a model: a token of this registry, or of another one, on whatever chain. */
export interface ChildModel {
  readonly tokenId: bigint;
  /** Chain and address of the child's registry; this one when left out. */
  readonly registry?: { readonly chainId: bigint; readonly address: string };
}

/**
 * Confirms that a child comes from this parent. For the parent's owner.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` (also: a child of this registry that does not name the parent),
 *   `CHAIN_UNREACHABLE`
 */
export async function endorse(
  registry: Registry,
  parentId: bigint,
  child: ChildModel,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change("endorse", registry, parentId, child, context);
}

/**
 * Takes an endorsement back, whoever gave it. For the parent's owner.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` (also: there is none), `CHAIN_UNREACHABLE`
 */
export async function withdrawEndorsement(
  registry: Registry,
  parentId: bigint,
  child: ChildModel,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change("withdrawEndorsement", registry, parentId, child, context);
}

/**
 * Tells whether an owner of the parent endorsed a child and none withdrew that.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function isEndorsed(registry: Registry, parentId: bigint, child: ChildModel): Promise<boolean> {
  const { contract } = registry;
  return contract.isEndorsed(parentId, ...placeOf(registry, child)).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

async function change(
  name: "endorse" | "withdrawEndorsement",
  registry: Registry,
  parentId: bigint,
  child: ChildModel,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const args: [bigint, bigint, string, bigint] = [parentId, ...placeOf(registry, child)];
  const data =
    name === "endorse"
      ? registry.contract.interface.encodeFunctionData("endorse", args)
      : registry.contract.interface.encodeFunctionData("withdrawEndorsement", args);
  return changeRegistry(registry, data, context);
}

function placeOf(here: Registry, { tokenId, registry = here }: ChildModel): [bigint, string, bigint] {
  return [registry.chainId, registry.address, tokenId];
}
