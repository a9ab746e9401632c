import type { Provider, Signer } from "ethers";
import type { Registry } from "../registry/registry.ts";
import { type PublisherState, memoryState } from "./journal/publisher-state.ts";
import { findEarlierCall } from "./earlier-call.ts";
import { readPlaceOf } from "./read-place.ts";
import { type ContractCall, type Sender, type SendingOptions, digestCall } from "./sending/sending.ts";
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
  /** Remembers what is under way, and keeps processes that use the same account apart; nothing does when it is left out. */
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
 * Estimates a call, asks for consent, sends it, and waits until it is in a block. What an earlier run sent of the same call,
 * and did not see mined, is found in the state: it is waited for, and nothing new is sent. Once it has ended it is forgotten,
 * for these calls may be made again.
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
  const { signer, confirm, state = memoryState(), warn = () => undefined } = context;
  const from = await signer.getAddress();
  return state.withCall({ ...(await readPlaceOf(place, call)), from, call: digestCall(call.data) }, async (earlier) => {
    const { journal, forget } = earlier;
    const found = await findEarlierCall(place.provider, earlier, call);
    if (found !== undefined) warn(found);
    const ended = await settleCall({
      sender: toSender(place, context),
      log: journal,
      call,
      from,
      isDone,
      beforeSending: async (cost) => {
        await confirm?.({ from, call, ...cost });
        assertAffordable(from, cost, place.chainId);
      },
    }).catch(async (error: unknown) => {
      if (journal.entry.sent.every(({ outcome }) => outcome !== undefined)) await forget();
      throw error;
    });
    await forget();
    return ended;
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
