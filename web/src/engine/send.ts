import {
  MARKET_INTERFACE,
  type MinedTransaction,
  ProvenanceError,
  type Registry,
  type TransactionContext,
  type WalletProvider,
  changeRegistry,
  transact,
} from "model-provenance-nft/core";
import { pageState } from "../adapters/publisher-state.ts";
import { STRINGS } from "../strings.ts";
import { connectAccount, signerOf, switchTo } from "../wallet/account.ts";
import { openOne } from "./sources.ts";
import { type KeptCall, forgetCall, keepCall } from "./under-way.ts";

/** How far it is. */
export type SendStep = keyof typeof STRINGS.wallet.steps;

/** Who sends, to what, and who is told. */
export interface SendOptions {
  /** CAIP-10 of the registry. */
  readonly registry: string;
  readonly wallet: WalletProvider;
  /** What people call what is sent. */
  readonly label: string;
  readonly onStep: (step: SendStep) => void;
}

/** A change of a registry, as its contract takes it. */
export type RegistryChange =
  | { readonly name: "setStatus"; readonly args: readonly [tokenId: bigint, status: bigint, reason: string] }
  | {
      readonly name: "endorse" | "withdrawEndorsement";
      readonly args: readonly [parentId: bigint, chainId: bigint, registry: string, childId: bigint];
    }
  | { readonly name: "grantUse"; readonly args: readonly [tokenId: bigint, account: string, expires: bigint] }
  | { readonly name: "revokeUse"; readonly args: readonly [tokenId: bigint, account: string] };

const TEXT = STRINGS.wallet;
/** How a wallet's transactions are waited for. */
export const SENDING = { waitSeconds: 300 };

/** Sends a change of a registry, and waits until it is in a block. @throws {ProvenanceError} as {@link sendByWallet} */
export async function sendChange(
  { name, args }: RegistryChange,
  options: Omit<SendOptions, "label">,
): Promise<MinedTransaction> {
  return sendByWallet({ ...options, label: TEXT.changes[name] }, async (registry, context) => {
    const data = registry.contract.interface.encodeFunctionData(name as "setStatus", args as never);
    return changeRegistry(registry, data, context);
  });
}

/**
 * The one way in which the page sends: the wallet is put on the registry's chain, the chain is asked what it would do, the wallet is
 * asked once, and what it sent is followed until it is in a block, also by a later visit.
 *
 * @param work - makes the transactions; they have to be sent by its context
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` by the wallet or the contract, or where it was cancelled in the wallet;
 *   `TRANSACTION_PENDING` where it is not in a block yet; `CHAIN_UNREACHABLE`, `SIGNER_MISMATCH`, `STATE_FAILED`
 */
export async function sendByWallet<T>(
  { registry: account, wallet, label, onStep }: SendOptions,
  work: (registry: Registry, context: TransactionContext, from: string) => Promise<T>,
): Promise<T> {
  const { registry } = await openOne(account);
  onStep("network");
  const from = await connectAccount(wallet);
  await switchTo(wallet, registry.chainId);
  onStep("rehearsing");
  const kept: string[] = [];
  const context: TransactionContext = {
    signer: signerOf(wallet, from, registry),
    state: pageState,
    confirm: async ({ call }) => {
      await forgetAll(kept.splice(0)); // one after the other: those before are in a block
      kept.push(await keepCall({ registry: account, from, label, ...call }));
      onStep("wallet");
    },
    onSent: () => onStep("waiting"),
    sending: SENDING,
  };
  try {
    const ended = await work(registry, context, from);
    await forgetAll(kept);
    return ended;
  } catch (error) {
    if (isOver(error)) await forgetAll(kept);
    throw error;
  }
}

/**
 * Looks what became of a call that an earlier visit sent. Nothing is sent.
 *
 * @throws {ProvenanceError} as {@link sendByWallet}
 */
export async function followCall(kept: KeptCall): Promise<MinedTransaction> {
  const { registry } = await openOne(kept.registry);
  const isOfRegistry = kept.to.toLowerCase() === registry.address.toLowerCase();
  const contractInterface = isOfRegistry ? registry.contract.interface : MARKET_INTERFACE;
  const refuse = async () => Promise.reject(new ProvenanceError("TRANSACTION_REFUSED", TEXT.notSent));
  try {
    const ended = await transact(
      registry,
      { to: kept.to, data: kept.data, value: BigInt(kept.value), contractInterface },
      {
        signer: signerOf({ request: refuse }, kept.from, registry),
        state: pageState,
        confirm: refuse,
        sending: SENDING,
      },
    );
    await forgetCall(kept.key);
    return ended;
  } catch (error) {
    if (isOver(error)) await forgetCall(kept.key);
    throw error;
  }
}

/** Whether nothing of it can be mined any more, as far as that is known. */
function isOver(error: unknown): boolean {
  return !(error instanceof ProvenanceError && ["TRANSACTION_PENDING", "CHAIN_UNREACHABLE"].includes(error.code));
}

async function forgetAll(keys: readonly string[]): Promise<void> {
  for (const key of keys) await forgetCall(key);
}
