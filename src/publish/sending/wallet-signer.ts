import {
  type Provider,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  VoidSigner,
  toQuantity,
} from "ethers";
import { ProvenanceError } from "../../base/errors.ts";

/** What a wallet is asked by. @see EIP-1193 */
export interface WalletProvider {
  request(asked: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** A transaction as a wallet is asked for it: nonce and fees are its own choice. */
export interface AskedOfWallet {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
}

/** What wallets mean by their codes. @see EIP-1193, EIP-1474 */
const REFUSALS: Readonly<Record<number, string>> = {
  4001: "You refused it in the wallet: nothing was sent.",
  4100: "The wallet does not let this page use the account: nothing was sent. Connect it again.",
  4200: "The wallet cannot send transactions: nothing was sent. Choose another one.",
  4900: "The wallet is not connected to any chain: nothing was sent. Look at its network, then try again.",
  4901: "The wallet is not connected to this chain: nothing was sent. Look at its network, then try again.",
};

/**
 * An account of a wallet in front of which a person sits. It is asked to sign and to send, and shows both; a transaction it may
 * replace by a dearer one or by none, and nothing is ever sent in the place of what it sent.
 */
export class WalletSigner extends VoidSigner {
  readonly #wallet: WalletProvider;
  readonly #chainId: bigint;

  /**
   * @param address - with EIP-55 checksum
   * @param provider - the node that everything but signing and sending is asked of
   */
  constructor(address: string, provider: Provider, chainId: bigint, wallet: WalletProvider) {
    super(address, provider);
    this.#wallet = wallet;
    this.#chainId = chainId;
  }

  /** @throws {ProvenanceError} `SIGNER_MISMATCH`, `CHAIN_MISMATCH`; else what the wallet throws */
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    await this.#assertReady();
    const payload = JSON.stringify(TypedDataEncoder.getPayload(domain, types, value));
    return String(await this.#wallet.request({ method: "eth_signTypedData_v4", params: [this.address, payload] }));
  }

  /**
   * Asks the wallet to send.
   *
   * @returns the hash that it tells
   * @throws {ProvenanceError} `TRANSACTION_REFUSED` where it says that it will not, `SIGNER_MISMATCH`, `CHAIN_MISMATCH`; else
   *   what the wallet throws, which says nothing of whether it was sent
   */
  async send({ to, data, value, gasLimit }: AskedOfWallet): Promise<string> {
    await this.#assertReady();
    const asked = { from: this.address, to, data, value: toQuantity(value), gas: toQuantity(gasLimit) };
    try {
      const answer = await this.#wallet.request({ method: "eth_sendTransaction", params: [asked] });
      if (typeof answer === "string" && /^0x[0-9a-f]{64}$/i.test(answer)) return answer.toLowerCase();
      throw new Error("its answer holds no hash of a transaction");
    } catch (error) {
      const text = REFUSALS[codeOf(error)];
      if (text !== undefined) throw new ProvenanceError("TRANSACTION_REFUSED", text, { cause: error });
      throw error;
    }
  }

  /** People change the account and the network of a wallet whenever they like. */
  async #assertReady(): Promise<void> {
    const accounts = await this.#wallet.request({ method: "eth_accounts" });
    const [first] = Array.isArray(accounts) ? accounts.map(String) : [];
    if (first?.toLowerCase() !== this.address.toLowerCase()) {
      const text = `The wallet gives ${first ?? "no account"} now, not ${this.address}. Choose that account in the wallet, or connect again.`;
      throw new ProvenanceError("SIGNER_MISMATCH", text);
    }
    const chainId = await this.#wallet.request({ method: "eth_chainId" });
    if (BigInt(chainId as string) === this.#chainId) return;
    const text = `The wallet is on chain ${BigInt(chainId as string)} now, not on ${this.#chainId}. Nothing was sent. Switch its network.`;
    throw new ProvenanceError("CHAIN_MISMATCH", text);
  }
}

/** The code that a wallet's failure carries, where it does. */
export function codeOf(error: unknown): number {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: { originalError?: { code?: unknown } } };
  const own = data?.originalError?.code ?? code;
  return typeof own === "number" ? own : NaN;
}
