import { Interface, type Provider, Transaction, getBytes } from "ethers";
import { readNodeError } from "../../base/node/node-error.ts";
import type { Fees } from "./fees.ts";

/** The price oracle of the OP stack, a contract that every such chain has at this address. */
const ORACLE = "0x420000000000000000000000000000000000000F";
const ORACLE_INTERFACE = new Interface([
  "function getL1FeeUpperBound(uint256 unsignedTxSize) view returns (uint256)",
  "function getL1Fee(bytes data) view returns (uint256)",
  "function getOperatorFee(uint256 gasUsed) view returns (uint256)",
]);

/** What answers for the nodes of Arbitrum, on its chains One, Nova and Sepolia; no code stands there. */
const NODE_INTERFACE = "0x00000000000000000000000000000000000000C8";
const ARBITRUM_CHAINS: ReadonlySet<bigint> = new Set([42_161n, 42_170n, 421_614n]);
const ARBITRUM_INTERFACE = new Interface([
  "function gasEstimateL1Component(address to, bool contractCreation, bytes data) view returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)",
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

/**
 * Asks how much of an estimate of gas a chain of Arbitrum takes for keeping the call's data on L1.
 *
 * @returns undefined on other chains, and where that is not told
 * @throws what the provider throws
 * @see https://docs.arbitrum.io/build-decentralized-apps/nodeinterface/reference
 */
export async function askDataGas(
  provider: Provider,
  { to, data }: { readonly to: string; readonly data: string },
): Promise<bigint | undefined> {
  const { chainId } = await provider.getNetwork();
  if (!ARBITRUM_CHAINS.has(chainId)) return undefined;
  const question = ARBITRUM_INTERFACE.encodeFunctionData("gasEstimateL1Component", [to, false, data]);
  const answer = await askContract(provider, NODE_INTERFACE, question);
  return /^0x[0-9a-f]{192}$/i.test(answer) ? BigInt(answer.slice(0, 66)) : undefined;
}

/**
 * Asks what a chain of the OP stack charges for running itself (since Isthmus): for a constant and so much gas, beside the
 * price of gas. No estimate of gas holds it.
 *
 * @returns wei; zero where no such oracle stands, and where it does not know the question
 * @throws what the provider throws
 * @see https://specs.optimism.io/protocol/isthmus/exec-engine.html#operator-fee
 */
export async function askOperatorFee(provider: Provider, gas: bigint): Promise<bigint> {
  if (!(await hasOracle(provider))) return 0n;
  return askOracle(provider, ORACLE_INTERFACE.encodeFunctionData("getOperatorFee", [gas]));
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

async function askOracle(provider: Provider, data: string): Promise<bigint> {
  const answer = await askContract(provider, ORACLE, data);
  return /^0x[0-9a-f]{64}$/i.test(answer) ? BigInt(answer) : 0n;
}

/** An oracle of before Fjord knows only one of the questions: what reverts says nothing. */
async function askContract(provider: Provider, to: string, data: string): Promise<string> {
  try {
    return await provider.call({ to, data });
  } catch (error) {
    if (readNodeError(error).kind === "reverted") return "0x";
    throw error;
  }
}
