import type { Interface, Provider } from "ethers";
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
 * that it was reverted, or hands on bytes that are no answer while the code does not know the function. A node that is behind
 * its chain, or that lost the state, answers a call of a contract that is there with nothing.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` for a failure that says nothing of the contract
 */
export async function assertOtherContract(error: unknown, asked: AskedFunction): Promise<void> {
  const { provider, address, contractInterface, name } = asked;
  const { kind } = readNodeError(error);
  if (kind === "reverted") return;
  const failure = toChainError(error, contractInterface);
  if (kind !== "undecodable") throw failure;
  const code = await readCode(provider, address, contractInterface);
  if (mayAnswer(code, contractInterface.getFunction(name)?.selector ?? "0x")) throw failure;
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
