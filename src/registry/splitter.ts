import { type Provider, ZeroAddress, getAddress, isAddress } from "ethers";
import { RoyaltySplitter__factory } from "../../typechain-types/factories/RoyaltySplitter__factory.ts";
import { RoyaltySplitterFactory__factory } from "../../typechain-types/factories/RoyaltySplitterFactory__factory.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import { decodeRevert, toChainError } from "./chain-error.ts";
import { type AskedFunction, assertOtherContract, readCode } from "./other-contract.ts";
import { type MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { type TransactionContext, transact } from "../publish/sending/transaction.ts";

/** A receiver of part of what a splitter gets. */
export interface Share {
  readonly payee: string;
  /** Its weight among the others, 1 to 2^32 - 1. */
  readonly share: bigint;
}

/** A splitter that exists. */
export interface Splitter {
  readonly address: string;
  /** Undefined where it was there already. */
  readonly transaction?: MinedTransaction;
}

/** What a payee could take out of a splitter now. */
export interface ReleasableShare extends Share {
  readonly releasable: bigint;
  readonly released: bigint;
}

/**
 * Makes a splitter: a receiver of royalties that divides them between its payees for ever. Its address follows from
 * factory, payees, shares and salt, so one that exists is returned as it is.
 *
 * @param factory - address of a `RoyaltySplitterFactory`
 * @param shares - 1 to 100, of distinct payees, in an order that the address depends on
 * @param salt - 0x-hex of 32 bytes; zero when left out
 * @throws {ProvenanceError} `OPTION_INVALID` if there is no such factory, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function createSplitter(
  provider: Provider,
  factory: string,
  shares: readonly Share[],
  context: TransactionContext,
  salt: Hex = ZERO_DIGEST,
): Promise<Splitter> {
  const address = await predictSplitter(provider, factory, shares, salt);
  if (await hasCode(provider, address)) return { address };
  const contractInterface = RoyaltySplitterFactory__factory.createInterface();
  const data = contractInterface.encodeFunctionData("createSplitter", [...argsOf(shares), salt]);
  const transaction = await transact(provider, { to: factory, data, contractInterface }, context);
  return { address, transaction };
}

/**
 * Computes where a splitter is or will be, so that it can be named as a royalty receiver before it is made.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if there is no such factory, `CHAIN_UNREACHABLE`
 */
export async function predictSplitter(
  provider: Provider,
  factory: string,
  shares: readonly Share[],
  salt: Hex = ZERO_DIGEST,
): Promise<string> {
  await assertContract(provider, factory, "splitter factory");
  const contract = RoyaltySplitterFactory__factory.connect(factory, provider);
  return contract.predictSplitter(...argsOf(shares), salt).catch(async (error: unknown) => {
    const asked = { provider, address: factory, contractInterface: contract.interface, name: "predictSplitter" };
    throw await explain(error, asked, "splitter factory");
  });
}

/**
 * Reads the payees of a splitter and what is due to each.
 *
 * @param token - address of an ERC-20 token; ether when left out
 * @throws {ProvenanceError} `OPTION_INVALID` if there is no splitter, `CHAIN_UNREACHABLE`
 */
export async function readShares(
  provider: Provider,
  splitter: string,
  token = ZeroAddress,
): Promise<ReleasableShare[]> {
  await assertContract(provider, splitter, "splitter");
  const contract = RoyaltySplitter__factory.connect(splitter, provider);
  try {
    const [payees, weights] = await contract.shares();
    return await Promise.all(
      payees.map(async (payee, i) => ({
        payee,
        share: weights[i] as bigint,
        releasable: await contract.releasable(token, payee),
        released: await contract.released(token, payee),
      })),
    );
  } catch (error) {
    const asked = { provider, address: splitter, contractInterface: contract.interface, name: "shares" };
    throw await explain(error, asked, "splitter");
  }
}

/**
 * Sends a payee what is due to it. Anybody may, and pays the gas.
 *
 * @param token - address of an ERC-20 token; ether when left out
 * @throws {ProvenanceError} `OPTION_INVALID` if there is no splitter, `TRANSACTION_REFUSED` (also: nothing is due),
 *   `CHAIN_UNREACHABLE`
 */
export async function releaseShare(
  provider: Provider,
  splitter: string,
  payee: string,
  context: TransactionContext,
  token = ZeroAddress,
): Promise<MinedTransaction> {
  await assertContract(provider, splitter, "splitter");
  const contractInterface = RoyaltySplitter__factory.createInterface();
  const data = contractInterface.encodeFunctionData("release", [token, payee]);
  return transact(provider, { to: splitter, data, contractInterface }, context);
}

function argsOf(shares: readonly Share[]): [string[], bigint[]] {
  return [shares.map(({ payee }) => getAddress(payee)), shares.map(({ share }) => share)];
}

async function assertContract(provider: Provider, address: string, what: string): Promise<void> {
  if (!isAddress(address) || !(await hasCode(provider, address))) throw notThere(address, what);
}

/** A contract that cannot answer is another one; what a splitter refuses it says why. */
async function explain(error: unknown, asked: AskedFunction, what: string): Promise<ProvenanceError> {
  if (decodeRevert(error, asked.contractInterface) !== undefined) return toChainError(error, asked.contractInterface);
  await assertOtherContract(error, asked);
  return notThere(asked.address, what);
}

function notThere(address: string, what: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", `There is no ${what} at ${address}. Check the address and the network.`);
}

async function hasCode(provider: Provider, address: string): Promise<boolean> {
  return (await readCode(provider, address, RoyaltySplitter__factory.createInterface())) !== "0x";
}
