import { Interface, type Provider, ZeroAddress } from "ethers";
import { readNodeError } from "../../base/node/node-error.ts";
import { visibleName } from "../../base/visible-name.ts";
import { toChainError } from "../chain-error.ts";

/** What is asked of an ERC-20 token, and what it refuses with (ERC-6093). */
export const CURRENCY_INTERFACE = new Interface([
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function approve(address spender, uint256 amount) returns (bool)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
]);

/** What an account has of a currency, in its smallest unit; the zero address: ether. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readBalance(provider: Provider, currency: string, account: string): Promise<bigint> {
  if (currency !== ZeroAddress) return ask(provider, currency, "balanceOf", [account]);
  return provider.getBalance(account).catch((error: unknown) => {
    throw toChainError(error, CURRENCY_INTERFACE);
  });
}

/** What a token calls itself, which anybody may choose, and how many of its digits stand behind the point. */
export interface Currency {
  readonly symbol: string;
  readonly decimals: number;
}

const MOST_SIGNS = 12;

/** Asks an ERC-20 token for its name; undefined where it tells none that can be read. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readCurrency(provider: Provider, currency: string): Promise<Currency | undefined> {
  const read = async (name: "symbol" | "decimals"): Promise<unknown> => {
    const answer = await provider.call({ to: currency, data: CURRENCY_INTERFACE.encodeFunctionData(name) });
    return CURRENCY_INTERFACE.decodeFunctionResult(name, answer)[0];
  };
  try {
    const [symbol, decimals] = await Promise.all([read("symbol"), read("decimals")]);
    const shown = visibleName(String(symbol)).slice(0, MOST_SIGNS);
    return shown === "" || Number(decimals) > 36 ? undefined : { symbol: shown, decimals: Number(decimals) };
  } catch (error) {
    const { kind } = readNodeError(error);
    if (kind === "reverted" || kind === "undecodable") return undefined;
    throw toChainError(error, CURRENCY_INTERFACE);
  }
}

/** How much of an ERC-20 token somebody may take from an account. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readAllowance(
  provider: Provider,
  currency: string,
  owner: string,
  spender: string,
): Promise<bigint> {
  return ask(provider, currency, "allowance", [owner, spender]);
}

async function ask(provider: Provider, to: string, name: string, args: readonly string[]): Promise<bigint> {
  try {
    const answer = await provider.call({ to, data: CURRENCY_INTERFACE.encodeFunctionData(name, args) });
    return CURRENCY_INTERFACE.decodeFunctionResult(name, answer)[0] as bigint;
  } catch (error) {
    throw toChainError(error, CURRENCY_INTERFACE);
  }
}
