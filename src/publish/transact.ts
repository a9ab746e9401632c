import type { Provider, Signer } from "ethers";
import type { Registry } from "../registry/registry.ts";
import type { PublisherState } from "./journal/publisher-state.ts";
import { type ContractCall, type Sender, type SendingOptions, memoryLog } from "./sending/sending.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { type TransactionCost, assertAffordable } from "./sending/transaction-cost.ts";
import { settleCall } from "./settle.ts";

/** A transaction that is about to be sent. */
export interface TransactionPlan extends TransactionCost {
  /** The account that sends and pays. */
  readonly from: string;
  readonly call: ContractCall;
}

/** Who sends a transaction, and who is told of it. */
export interface TransactionContext {
  readonly signer: Signer;
  /** Called with what the transaction will take, before it is sent; it throws to stop. */
  readonly confirm?: (plan: TransactionPlan) => Promise<void>;
  /** Called with the transaction's hash as soon as the node took it. */
  readonly onSent?: (transactionHash: string) => void;
  readonly warn?: (text: string) => void;
  readonly sending?: SendingOptions;
  /** Keeps processes that use the same account apart; nothing does when it is left out. */
  readonly state?: PublisherState;
}

/** Makes a sender of who sends where. */
export function toSender(
  { provider, chainId }: Pick<Sender, "provider" | "chainId">,
  {
    signer,
    sending = {},
    onSent = () => undefined,
    warn = () => undefined,
    state,
  }: Omit<TransactionContext, "confirm">,
): Sender {
  return {
    provider,
    chainId,
    signer,
    options: sending,
    onSent,
    warn,
    exclusive: async (account, work) => (state === undefined ? work() : state.withAccount(chainId, account, work)),
  };
}

/**
 * Estimates a call, asks for consent, sends it, and waits until it is in a block. What was sent is kept in memory alone:
 * these calls say what shall be, and the chain itself says whether it is so.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, `TRANSACTION_PENDING`, `COST_TOO_HIGH`,
 *   `CHAIN_UNREACHABLE`, `CHAIN_MISMATCH`, and whatever `confirm` throws
 */
export async function transact(
  { provider, chainId }: Pick<Sender, "provider" | "chainId">,
  call: ContractCall,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return (await transactUnless(() => Promise.resolve(false), { provider, chainId }, call, context)) as MinedTransaction;
}

/** The same for a call of a registry. */
export async function changeRegistry(
  registry: Registry,
  data: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return transact(registry, callOf(registry, data), context);
}

/**
 * The same for a call that others may make as well.
 *
 * @param isDone - tells whether the chain holds already what the call makes
 * @returns undefined where it does, and nothing that was sent here made it
 */
export async function transactUnless(
  isDone: () => Promise<boolean>,
  place: Pick<Sender, "provider" | "chainId">,
  call: ContractCall,
  context: TransactionContext,
): Promise<MinedTransaction | undefined> {
  const from = await context.signer.getAddress();
  return settleCall({
    sender: toSender(place, context),
    log: memoryLog(),
    call,
    from,
    isDone,
    beforeSending: async (cost) => {
      await context.confirm?.({ from, call, ...cost });
      assertAffordable(from, cost, place.chainId);
    },
  });
}

/** A call of a registry. @param data - 0x-hex */
export function callOf({ address, contract }: Registry, data: string): ContractCall {
  return { to: address, data, contractInterface: contract.interface };
}

/** The chain that a provider is of. Errors are the node's own. */
export async function placeOf(provider: Provider): Promise<Pick<Sender, "provider" | "chainId">> {
  return { provider, chainId: (await provider.getNetwork()).chainId };
}
