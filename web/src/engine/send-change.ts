import { ProvenanceError, type Registry, toChainError } from "model-provenance-nft/core";
import type { WalletProvider } from "../wallet/wallets.ts";
import { STRINGS } from "../strings.ts";
import { openOne } from "./sources.ts";

/** A change of a registry, as its contract takes it. */
export type RegistryChange =
  | { readonly name: "setStatus"; readonly args: readonly [tokenId: bigint, status: bigint, reason: string] }
  | {
      readonly name: "endorse" | "withdrawEndorsement";
      readonly args: readonly [parentId: bigint, chainId: bigint, registry: string, childId: bigint];
    }
  | { readonly name: "grantUse"; readonly args: readonly [tokenId: bigint, account: string, expires: bigint] }
  | { readonly name: "revokeUse"; readonly args: readonly [tokenId: bigint, account: string] };

/** How far it is. */
export type SendStep = "network" | "rehearsing" | "wallet" | "waiting";

/** What is sent, by whom, to which registry. */
export interface SendOptions {
  /** CAIP-10. */
  readonly registry: string;
  readonly wallet: WalletProvider;
  readonly change: RegistryChange;
  readonly onStep: (step: SendStep) => void;
}

const TEXT = STRINGS.administration;
const LONGEST_WAIT = 300_000;
// EIP-1193: the user said no. EIP-3326: the wallet does not know the chain.
const REFUSED = 4001;
const UNKNOWN_CHAIN = 4902;

/**
 * Asks the wallet to send a change, after the chain was asked what it would do, and waits until it is in a block.
 *
 * @returns the hash of its transaction
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` by the wallet or the contract, in words; `CHAIN_UNREACHABLE`
 */
export async function sendChange({ registry: account, wallet, change, onStep }: SendOptions): Promise<string> {
  const { registry } = await openOne(account);
  const [from] = (await ask(wallet, "eth_requestAccounts")) as readonly string[];
  if (from === undefined) throw new ProvenanceError("TRANSACTION_REFUSED", TEXT.noAccount);
  onStep("network");
  await switchTo(wallet, registry.chainId);
  onStep("rehearsing");
  const data = registry.contract.interface.encodeFunctionData(change.name as "setStatus", change.args as never);
  const transaction = { from, to: registry.address, data };
  await rehearse(registry, transaction);
  onStep("wallet");
  const hash = (await ask(wallet, "eth_sendTransaction", [transaction])) as string;
  onStep("waiting");
  return follow(registry, hash);
}

async function ask(wallet: WalletProvider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await wallet.request({ method, params });
  } catch (error) {
    const { code, message } = error as { code?: number; message?: string };
    const text = code === REFUSED ? TEXT.refused : TEXT.walletFails(String(message).slice(0, 300));
    throw new ProvenanceError("TRANSACTION_REFUSED", text, { cause: error });
  }
}

async function switchTo(wallet: WalletProvider, chainId: bigint): Promise<void> {
  const wanted = `0x${chainId.toString(16)}`;
  const now = (await ask(wallet, "eth_chainId")) as string;
  if (BigInt(now) === chainId) return;
  try {
    await wallet.request({ method: "wallet_switchEthereumChain", params: [{ chainId: wanted }] });
  } catch (error) {
    const { code } = error as { code?: number };
    const text = code === UNKNOWN_CHAIN ? TEXT.unknownChain(String(chainId)) : TEXT.wrongChain(String(chainId));
    throw new ProvenanceError("TRANSACTION_REFUSED", text, { cause: error });
  }
  const then = (await ask(wallet, "eth_chainId")) as string;
  if (BigInt(then) !== chainId) throw new ProvenanceError("TRANSACTION_REFUSED", TEXT.wrongChain(String(chainId)));
}

/** What the contract would refuse is never put before the wallet. */
async function rehearse({ provider, contract }: Registry, transaction: { from: string; to: string; data: string }) {
  await provider.estimateGas(transaction).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

async function follow({ provider, contract }: Registry, hash: string): Promise<string> {
  const receipt = await provider.waitForTransaction(hash, 1, LONGEST_WAIT).catch((error: unknown) => {
    if ((error as { code?: string }).code === "TIMEOUT")
      throw new ProvenanceError("CHAIN_UNREACHABLE", TEXT.slow(hash));
    throw toChainError(error, contract.interface);
  });
  if (receipt === null) throw new ProvenanceError("CHAIN_UNREACHABLE", TEXT.slow(hash));
  if (receipt.status === 0) throw new ProvenanceError("TRANSACTION_REFUSED", TEXT.reverted(hash));
  return receipt.hash;
}
