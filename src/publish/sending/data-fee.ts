import { Interface, type Provider, Transaction, getBytes } from "ethers";
import { readNodeError } from "../../base/node/node-error.ts";
import type { Fees } from "./fees.ts";

/** The price oracle of the OP stack, a contract that every such chain has at this address. */
const ORACLE = "0x420000000000000000000000000000000000000F";
const ORACLE_INTERFACE = new Interface([
  "function getL1FeeUpperBound(uint256 unsignedTxSize) view returns (uint256)",
  "function getL1Fee(bytes data) view returns (uint256)",
]);

const known = new WeakMap<Provider, Promise<boolean>>();

/**
 * Asks what a chain of the OP stack charges for keeping a transaction's data on L1, at the price of now: the larger of what
 * its oracle says of these bytes and of so many bytes at worst. No estimate of gas holds it.
 *
 * @returns wei; zero where no such oracle stands
 * @throws what the provider throws
 * @see https://docs.optimism.io/op-stack/transactions/fees
 */
export async function askDataFee(
  provider: Provider,
  { to, data, ...fees }: { readonly to: string; readonly data: string; readonly gasLimit: bigint } & Fees,
): Promise<bigint> {
  if (!(await hasOracle(provider))) return 0n;
  // The fields that are not known yet are as long as they can be.
  const unsigned = Transaction.from({
    type: 2,
    chainId: 2n ** 32n,
    nonce: 2 ** 32,
    to,
    data,
    ...eip1559(fees),
  }).unsignedSerialized;
  const size = getBytes(unsigned).length;
  const answers = [
    await askOracle(provider, ORACLE_INTERFACE.encodeFunctionData("getL1FeeUpperBound", [size])),
    await askOracle(provider, ORACLE_INTERFACE.encodeFunctionData("getL1Fee", [unsigned])),
  ];
  return answers.reduce((most, answer) => (answer > most ? answer : most), 0n);
}

function eip1559({ gasLimit, ...fees }: { readonly gasLimit: bigint } & Fees) {
  if (!("gasPrice" in fees)) return { gasLimit, ...fees };
  return { gasLimit, maxFeePerGas: fees.gasPrice, maxPriorityFeePerGas: fees.gasPrice };
}

async function hasOracle(provider: Provider): Promise<boolean> {
  let answer = known.get(provider);
  if (answer === undefined) {
    answer = provider.getCode(ORACLE).then((code) => code !== "0x");
    known.set(provider, answer);
    answer.catch(() => known.delete(provider));
  }
  return answer;
}

/** An oracle of before Fjord knows only one of the questions: what reverts says nothing. */
async function askOracle(provider: Provider, data: string): Promise<bigint> {
  try {
    const answer = await provider.call({ to: ORACLE, data });
    return /^0x[0-9a-f]{64}$/i.test(answer) ? BigInt(answer) : 0n;
  } catch (error) {
    if (readNodeError(error).kind === "reverted") return 0n;
    throw error;
  }
}
