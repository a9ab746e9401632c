import { isRecord } from "../is-record.ts";
import { NodeFault, wordsOf } from "./node-error.ts";

type Shape = readonly [what: string, fits: (result: unknown) => boolean];

const BYTES: Shape = ["bytes in hex", (result) => typeof result === "string" && /^0x(?:[0-9a-f]{2})*$/i.test(result)];
const QUANTITY: Shape = [
  "a number in hex",
  (result) => typeof result === "string" && /^0x[0-9a-f]{1,64}$/i.test(result),
];
const LIST: Shape = ["a list of objects", (result) => Array.isArray(result) && result.every(isRecord)];
const OBJECT: Shape = ["an object", isRecord];
const OBJECT_OR_NULL: Shape = ["an object or null", (result) => result === null || isRecord(result)];

/** What the methods answer that this package uses. What is within objects is looked at by who reads it. */
const SHAPES: Readonly<Record<string, Shape>> = {
  eth_blockNumber: QUANTITY,
  eth_call: BYTES,
  eth_chainId: QUANTITY,
  eth_estimateGas: QUANTITY,
  eth_feeHistory: OBJECT,
  eth_gasPrice: QUANTITY,
  eth_getBalance: QUANTITY,
  eth_getBlockByHash: OBJECT_OR_NULL,
  eth_getBlockByNumber: OBJECT_OR_NULL,
  eth_getCode: BYTES,
  eth_getLogs: LIST,
  eth_getProof: OBJECT,
  eth_getStorageAt: BYTES,
  eth_getTransactionByHash: OBJECT_OR_NULL,
  eth_getTransactionCount: QUANTITY,
  eth_getTransactionReceipt: OBJECT_OR_NULL,
  eth_maxPriorityFeePerGas: QUANTITY,
};

/**
 * Makes sure that a result is of the form that its method has.
 *
 * @throws {NodeFault} `unreadable`
 */
export function assertShape(method: string, result: unknown): void {
  const shape = SHAPES[method];
  if (shape === undefined || shape[1](result)) return;
  const said = wordsOf(JSON.stringify(result)?.slice(0, 60));
  throw new NodeFault("unreadable", `${method} gave ${said}, which is not ${shape[0]}`);
}
