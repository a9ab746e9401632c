import { Interface, type Result } from "ethers";
import { mapAtOnce } from "../base/concurrency.ts";
import { decodeRevert, toChainError } from "./chain-error.ts";
import type { EventSource } from "./read-events.ts";

/** One question to a contract. */
export interface ContractCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The contract that is asked. */
type Asked = Pick<EventSource, "address" | "provider" | "contract">;
type Block = number | "latest";

// Deployed at one address on every chain that has it, by a transaction that nobody can make for other code.
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";
const MULTICALL = new Interface([
  "function aggregate3((address target, bool allowFailure, bytes callData)[] calls) view returns ((bool success, bytes returnData)[])",
]);
const CALLS_IN_ONE = 100;
const AT_ONCE = 8;
const SINGLE_AT_ONCE = 50;

/**
 * Asks a contract many questions, at one block where that is named: by Multicall3 where the chain has it, else one by one in requests that hold
 * many.
 *
 * @returns the answers in the order of the questions; undefined where there is no such token
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function callMany(
  asked: Asked,
  calls: readonly ContractCall[],
  block: Block = "latest",
): Promise<(Result | undefined)[]> {
  const { provider, contract } = asked;
  try {
    const code = calls.length > 1 ? await provider.getCode(MULTICALL3, block) : "0x";
    if (code === "0x") {
      return await mapAtOnce(calls, SINGLE_AT_ONCE, async (call) => callOne(asked, call, block));
    }
    const chunks = Array.from({ length: Math.ceil(calls.length / CALLS_IN_ONE) }, (_, i) =>
      calls.slice(i * CALLS_IN_ONE, (i + 1) * CALLS_IN_ONE),
    );
    return (await mapAtOnce(chunks, AT_ONCE, async (chunk) => callTogether(asked, chunk, block))).flat();
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

async function callOne(
  { provider, address, contract }: Asked,
  { name, args }: ContractCall,
  block: Block,
): Promise<Result | undefined> {
  try {
    const data = contract.interface.encodeFunctionData(name, args);
    const answer = await provider.call({ to: address, data, blockTag: block });
    return contract.interface.decodeFunctionResult(name, answer);
  } catch (error) {
    if (decodeRevert(error, contract.interface)?.name === "ERC721NonexistentToken") return undefined;
    throw error;
  }
}

async function callTogether(
  asked: Asked,
  calls: readonly ContractCall[],
  block: Block,
): Promise<(Result | undefined)[]> {
  const { provider, address, contract } = asked;
  const parts = calls.map(({ name, args }) => ({
    target: address,
    allowFailure: true,
    callData: contract.interface.encodeFunctionData(name, args),
  }));
  const data = MULTICALL.encodeFunctionData("aggregate3", [parts]);
  const answer = await provider.call({ to: MULTICALL3, data, blockTag: block });
  const [results] = MULTICALL.decodeFunctionResult("aggregate3", answer) as unknown as [
    { success: boolean; returnData: string }[],
  ];
  return mapAtOnce([...calls.entries()], SINGLE_AT_ONCE, async ([i, call]) => {
    const { success, returnData } = results[i] ?? { success: false, returnData: "0x" };
    // What failed is asked by itself: a call without gas fails, too, and that is no answer.
    if (!success) return callOne(asked, call, block);
    return contract.interface.decodeFunctionResult(call.name, returnData);
  });
}
