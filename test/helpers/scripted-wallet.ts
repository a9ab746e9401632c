import type { Wallet } from "ethers";
import type { WalletProvider } from "../../src/publish/sending/wallet-signer.ts";

/** What a wallet of a test was asked for, and how it behaves. */
export interface ScriptedWallet extends WalletProvider {
  /** The methods that it was asked for. */
  readonly asked: string[];
  /** Hashes of what it sent. */
  readonly sent: string[];
  /** Fails the next time that it is asked for this method. */
  readonly fail: (method: string, error: object) => void;
  /** Sends what it is asked for, and then fails as if the page had gone: nobody hears the hash. */
  loses: boolean;
  /** The chain and account that it says it is on. */
  chainId: string | undefined;
  account: string;
  /** Speeds its last transaction up, or sends itself nothing in its place. */
  readonly replace: (how: "speed up" | "cancel") => Promise<string>;
}

/** A wallet that signs with a key, and chooses nonce and fees itself. */
export function scriptWallet(wallet: Wallet): ScriptedWallet {
  const failures = new Map<string, object>();
  let last: { to: string; data: string; value: bigint; nonce: number } | undefined;
  const fees = (times: bigint) => ({ maxFeePerGas: times * 10n ** 10n, maxPriorityFeePerGas: times * 10n ** 9n });
  const broadcast = async (transaction: NonNullable<typeof last>, times: bigint) => {
    last = transaction;
    const { hash } = await wallet.sendTransaction({ ...transaction, ...fees(times), gasLimit: 1_000_000n });
    scripted.sent.push(hash);
    return hash;
  };
  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    switch (method) {
      case "eth_accounts":
        return [scripted.account];
      case "eth_chainId":
        return scripted.chainId ?? `0x${(await wallet.provider?.getNetwork())?.chainId.toString(16)}`;
      case "eth_signTypedData_v4": {
        const { domain, types, message } = JSON.parse(params[1] as string) as Parameters<typeof signAll>[0];
        return signAll({ domain, types, message });
      }
      case "eth_sendTransaction": {
        const { to, data, value } = params[0] as { to: string; data: string; value: string };
        const nonce = await wallet.getNonce("pending");
        const hash = await broadcast({ to, data, value: BigInt(value), nonce }, 1n);
        if (scripted.loses) throw new Error("The page is gone.");
        return hash;
      }
      default:
        throw new Error(`The wallet was asked for ${method}`);
    }
  };
  const signAll = async ({ domain, types, message }: SignedData) => {
    const { EIP712Domain: _, ...own } = types;
    return wallet.signTypedData(domain, own, message);
  };
  const scripted: ScriptedWallet = {
    asked: [],
    sent: [],
    loses: false,
    chainId: undefined,
    account: wallet.address,
    fail: (method, error) => void failures.set(method, error),
    request: async ({ method, params = [] }) => {
      scripted.asked.push(method);
      const failure = failures.get(method);
      failures.delete(method);
      if (failure !== undefined) throw Object.assign(new Error("failed as it was told to"), failure);
      return answer(method, params);
    },
    replace: async (how) => {
      if (last === undefined) throw new Error("Nothing was sent.");
      return how === "cancel"
        ? broadcast({ to: wallet.address, data: "0x", value: 0n, nonce: last.nonce }, 3n)
        : broadcast(last, 3n);
    },
  };
  return scripted;
}

interface SignedData {
  readonly domain: Parameters<Wallet["signTypedData"]>[0];
  readonly types: Parameters<Wallet["signTypedData"]>[1] & { EIP712Domain?: never };
  readonly message: Parameters<Wallet["signTypedData"]>[2];
}
