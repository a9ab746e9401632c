import type { Interface, Provider } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { readNodeError } from "../base/node/node-error.ts";
import { toChainError } from "./chain-error.ts";

/** A function that a contract was asked for. */
export interface AskedFunction {
  readonly provider: Provider;
  readonly address: string;
  readonly contractInterface: Interface;
  /** Its name, or that of another by which its contract can be told from others. */
  readonly name: string;
}

/**
 * Makes sure that a call failed because another contract stands at the address, or one without this function: the node says
 * that it was reverted, or hands on bytes that are no answer, and the code does not know the function either. A node that is
 * behind its chain, or that lost the state, answers a call of a contract that is there with nothing.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` for a failure that says nothing of the contract
 */
export async function assertOtherContract(error: unknown, asked: AskedFunction): Promise<void> {
  const { provider, address, contractInterface, name } = asked;
  const { kind, words } = readNodeError(error);
  if (kind !== "reverted" && kind !== "undecodable") throw toChainError(error, contractInterface);
  const code = await readCode(provider, address, contractInterface);
  const selector = contractInterface.getFunction(name)?.selector ?? "0x";
  if (!mayAnswer(code, selector)) return;
  const text = `The node answers for the contract at ${address} as if its code were another (${words}). Try again, or another RPC URL.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text, { cause: error });
}

/** Reads the code at an address: 0x-hex, `0x` where there is none. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readCode(provider: Provider, address: string, contractInterface: Interface): Promise<string> {
  return provider.getCode(address).catch((error: unknown) => {
    throw toChainError(error, contractInterface);
  });
}

// What ERC-1167 clones begin with; the code that they hand every call to is elsewhere.
const CLONE = "0x363d3d373d3d3d363d73";

/** Code that knows a function compares the call's selector with it. */
function mayAnswer(code: string, selector: string): boolean {
  return code.startsWith(CLONE) || code.includes(selector.slice(2));
}
