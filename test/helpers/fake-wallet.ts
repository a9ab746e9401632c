import type { JsonRpcSigner, TransactionResponse } from "ethers";
import type { BrowserContext } from "playwright-core";

/** How a wallet behaves. */
export interface FakeWalletOptions {
  readonly name?: string;
  /** The chain that it is on until it is asked to switch, 0x-hex; that of the node unless given. */
  readonly chainId?: string;
  /** Methods that its user says no to. */
  readonly refuses?: readonly string[];
  /** Chains that it does not know until it is asked to add them, 0x-hex. */
  readonly unknown?: readonly string[];
  /** Signs typed data for an account that is a contract, which sends by itself here. */
  readonly owner?: JsonRpcSigner;
  /** Told of each chain that it was asked to add. */
  readonly onAdded?: (chain: unknown) => void;
  /** Told of each transaction that it sent. */
  readonly onSent?: (transaction: SentByWallet) => void;
}

/** A transaction that a wallet sent. */
export interface SentByWallet {
  readonly hash: string;
  /** Sends another in its place, at its nonce and for more: the same call, or none. */
  readonly replace: (how: "speed up" | "cancel") => Promise<string>;
}

interface Asked {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/**
 * Puts a wallet into the pages of a context that are opened later: it announces itself (EIP-6963) and lets a signer of this process
 * sign and send.
 *
 * @returns the methods that it was asked for
 */
export async function addFakeWallet(
  context: BrowserContext,
  signer: JsonRpcSigner,
  options: FakeWalletOptions = {},
): Promise<readonly string[]> {
  const { name = "Test wallet", refuses = [], onSent } = options;
  const unknown = new Set(options.unknown);
  const asked: string[] = [];
  let { chainId } = options;
  const answer = async ({ method, params = [] }: Asked): Promise<unknown> => {
    asked.push(method);
    if (refuses.includes(method)) throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    const node = signer.provider;
    switch (method) {
      case "eth_requestAccounts":
      case "eth_accounts":
        return [signer.address];
      case "eth_chainId":
        return chainId ?? (await node.send(method, []));
      case "wallet_switchEthereumChain":
        if (unknown.has((params[0] as { chainId: string }).chainId)) {
          throw Object.assign(new Error("Unrecognized chain ID."), { code: 4902 });
        }
        chainId = (params[0] as { chainId: string }).chainId;
        return null;
      case "wallet_addEthereumChain":
        unknown.delete((params[0] as { chainId: string }).chainId);
        options.onAdded?.(params[0]);
        return null;
      case "eth_signTypedData_v4":
        return node.send(method, [options.owner?.address ?? params[0], params[1]]);
      case "eth_sendTransaction": {
        const { to, data, value = "0x0" } = params[0] as { to: string; data: string; value?: string };
        const sent = await signer.sendTransaction({ to, data, value });
        onSent?.({ hash: sent.hash, replace: async (how) => replace(signer, sent, how) });
        return sent.hash;
      }
      default:
        return node.send(method, [...params]);
    }
  };
  const binding = `__wallet${name.replaceAll(/\W/g, "")}`;
  await context.exposeBinding(binding, async (_source, request: Asked) => {
    try {
      return { result: await answer(request) };
    } catch (error) {
      const { code = -32603, message } = error as { code?: unknown; message: string };
      return { error: { code: typeof code === "number" ? code : -32603, message } };
    }
  });
  const script = `(() => {
    const request = async (asked) => {
      const { result, error } = await window[${JSON.stringify(binding)}](asked);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    };
    const info = { uuid: crypto.randomUUID(), name: ${JSON.stringify(name)}, icon: "data:,", rdns: "test.wallet" };
    const detail = Object.freeze({ info, provider: { request } });
    const say = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    addEventListener("eip6963:requestProvider", say);
    say();
  })();`;
  await context.addInitScript({ content: script });
  return asked;
}

async function replace(signer: JsonRpcSigner, sent: TransactionResponse, how: "speed up" | "cancel"): Promise<string> {
  const { to, data, value, gasLimit, nonce, maxFeePerGas, maxPriorityFeePerGas } = sent;
  const dearer = {
    nonce,
    maxFeePerGas: (maxFeePerGas ?? 0n) * 3n,
    maxPriorityFeePerGas: (maxPriorityFeePerGas ?? 0n) * 3n,
  };
  // An estimate would count with what is to be replaced.
  const call = how === "cancel" ? { to: signer.address } : { to, data, value, gasLimit };
  return signer.sendUncheckedTransaction({ ...call, ...dearer });
}
