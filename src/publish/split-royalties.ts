import { type Provider, ZeroAddress } from "ethers";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import {
  SPLITTER_FACTORY_INTERFACE,
  SPLITTER_INTERFACE,
  type Share,
  argsOfShares,
  assertContract,
  hasCode,
  predictSplitter,
} from "../registry/splitter.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { type TransactionContext, placeOf, transact, transactUnless } from "./transact.ts";

/** A splitter that exists. */
export interface Splitter {
  readonly address: string;
  /** Undefined where it was there already. */
  readonly transaction?: MinedTransaction;
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
  const contractInterface = SPLITTER_FACTORY_INTERFACE;
  const data = contractInterface.encodeFunctionData("createSplitter", [...argsOfShares(shares), salt]);
  const isDone = async () => hasCode(provider, address);
  const transaction = await transactUnless(
    isDone,
    await placeOf(provider),
    { to: factory, data, contractInterface },
    context,
  );
  return { address, ...(transaction && { transaction }) };
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
  const contractInterface = SPLITTER_INTERFACE;
  const data = contractInterface.encodeFunctionData("release", [token, payee]);
  return transact(await placeOf(provider), { to: splitter, data, contractInterface }, context);
}
