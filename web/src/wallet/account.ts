import {
  ProvenanceError,
  type Registry,
  type WalletProvider,
  WalletSigner,
  codeOf,
  coinOf,
  findNetwork,
  parseAddress,
} from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";

const TEXT = STRINGS.wallet;
// EIP-1193: the user said no. EIP-3085 and EIP-3326: the wallet does not know the chain.
const REFUSED = 4001;
const UNKNOWN_CHAIN = 4902;

/** Asks for the account, with EIP-55 checksum. @throws {ProvenanceError} `TRANSACTION_REFUSED` */
export async function connectAccount(wallet: WalletProvider): Promise<string> {
  const account = firstOf(await ask(wallet, "eth_requestAccounts"));
  if (account === undefined) throw new ProvenanceError("TRANSACTION_REFUSED", TEXT.noAccount);
  return account;
}

/** The account that the user let this page see earlier, without asking; undefined where there is none. */
export async function knownAccount(wallet: WalletProvider): Promise<string | undefined> {
  return wallet.request({ method: "eth_accounts" }).then(firstOf, () => undefined);
}

/**
 * Puts the wallet on a chain: its user is offered to switch, and to add the chain where the wallet does not know it.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, with what to do
 */
export async function switchTo(wallet: WalletProvider, chainId: bigint): Promise<void> {
  if ((await chainOf(wallet)) === chainId) return;
  try {
    await wallet.request({ method: "wallet_switchEthereumChain", params: [{ chainId: hexOf(chainId) }] });
  } catch (error) {
    if (codeOf(error) === REFUSED) throw wrongChain(chainId, error);
    await addChain(wallet, chainId, error);
  }
  if ((await chainOf(wallet)) !== chainId) throw wrongChain(chainId);
}

/** An account of a wallet as the library signs and sends with it. */
export function signerOf(wallet: WalletProvider, account: string, { provider, chainId }: RegistryChain): WalletSigner {
  return new WalletSigner(account, provider, chainId, wallet);
}

/** The chain of a registry. */
export type RegistryChain = Pick<Registry, "provider" | "chainId">;

async function chainOf(wallet: WalletProvider): Promise<bigint> {
  return BigInt(String(await ask(wallet, "eth_chainId")));
}

/** Wallets take chains with a node alone: where no URL of one is known that anybody may ask, their users add it by hand. */
async function addChain(wallet: WalletProvider, chainId: bigint, cause: unknown): Promise<void> {
  const { title, publicRpcUrl, explorer } = findNetwork(chainId) ?? {};
  const unknown = new ProvenanceError("TRANSACTION_REFUSED", TEXT.unknownChain(String(chainId)), { cause });
  if (codeOf(cause) !== UNKNOWN_CHAIN || publicRpcUrl === undefined) throw unknown;
  const chain = {
    chainId: hexOf(chainId),
    chainName: title,
    nativeCurrency: { name: coinOf(chainId), symbol: coinOf(chainId), decimals: 18 },
    rpcUrls: [publicRpcUrl],
    blockExplorerUrls: explorer === undefined ? [] : [explorer],
  };
  try {
    await wallet.request({ method: "wallet_addEthereumChain", params: [chain] });
    if ((await chainOf(wallet)) === chainId) return;
    await wallet.request({ method: "wallet_switchEthereumChain", params: [{ chainId: hexOf(chainId) }] });
  } catch (error) {
    throw codeOf(error) === REFUSED ? wrongChain(chainId, error) : unknown;
  }
}

async function ask(wallet: WalletProvider, method: string): Promise<unknown> {
  try {
    return await wallet.request({ method, params: [] });
  } catch (error) {
    const text = codeOf(error) === REFUSED ? TEXT.refused : TEXT.fails(wordsOf(error));
    throw new ProvenanceError("TRANSACTION_REFUSED", text, { cause: error });
  }
}

function wrongChain(chainId: bigint, cause?: unknown): ProvenanceError {
  return new ProvenanceError("TRANSACTION_REFUSED", TEXT.wrongChain(String(chainId)), { cause });
}

function firstOf(accounts: unknown): string | undefined {
  const [first] = Array.isArray(accounts) ? (accounts as readonly unknown[]) : [];
  return typeof first === "string" ? parseAddress(first.toLowerCase()) : undefined;
}

function wordsOf(error: unknown): string {
  return String((error as { message?: unknown } | undefined)?.message ?? error).slice(0, 300);
}

function hexOf(chainId: bigint): string {
  return `0x${chainId.toString(16)}`;
}
