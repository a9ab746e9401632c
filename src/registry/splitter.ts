import { type Provider, ZeroAddress, getAddress, isAddress } from "ethers";
import { RoyaltySplitter__factory } from "../../typechain-types/factories/contracts/royalties/RoyaltySplitter__factory.ts";
import { RoyaltySplitterFactory__factory } from "../../typechain-types/factories/contracts/royalties/RoyaltySplitterFactory__factory.ts";
import type { RoyaltySplitter } from "../../typechain-types/contracts/royalties/RoyaltySplitter.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import { decodeRevert, toChainError } from "./chain-error.ts";
import { type AskedFunction, assertOtherContract, readCode } from "./other-contract.ts";

/** Of the contract that divides royalties, and of the one that makes it. */
export const SPLITTER_INTERFACE = RoyaltySplitter__factory.createInterface();
export const SPLITTER_FACTORY_INTERFACE = RoyaltySplitterFactory__factory.createInterface();

/** A receiver of part of what a splitter gets. */
export interface Share {
  readonly payee: string;
  /** Its weight among the others, 1 to 2^32 - 1. */
  readonly share: bigint;
}

/** What a payee could take out of a splitter now. */
export interface ReleasableShare extends Share {
  readonly releasable: bigint;
  readonly released: bigint;
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
  return contract.predictSplitter(...argsOfShares(shares), salt).catch(async (error: unknown) => {
    const asked = { provider, address: factory, contractInterface: contract.interface, name: "predictSplitter" };
    throw await explain(error, asked, "splitter factory");
  });
}

/**
 * Reads who gets which part of what a splitter is paid.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if there is no splitter, `CHAIN_UNREACHABLE`
 */
export async function readSplit(provider: Provider, splitter: string): Promise<Share[]> {
  await assertContract(provider, splitter, "splitter");
  return reading(provider, splitter, async (contract) => {
    const [payees, weights] = await contract.shares();
    return payees.map((payee, i) => ({ payee, share: weights[i] as bigint }));
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
  const shares = await readSplit(provider, splitter);
  return reading(provider, splitter, async (contract) =>
    Promise.all(
      shares.map(async ({ payee, share }) => ({
        payee,
        share,
        releasable: await contract.releasable(token, payee),
        released: await contract.released(token, payee),
      })),
    ),
  );
}

async function reading<T>(
  provider: Provider,
  splitter: string,
  read: (contract: RoyaltySplitter) => Promise<T>,
): Promise<T> {
  const contract = RoyaltySplitter__factory.connect(splitter, provider);
  try {
    return await read(contract);
  } catch (error) {
    const asked = { provider, address: splitter, contractInterface: contract.interface, name: "shares" };
    throw await explain(error, asked, "splitter");
  }
}

/** Payees and weights as the contracts take them. */
export function argsOfShares(shares: readonly Share[]): [string[], bigint[]] {
  return [shares.map(({ payee }) => getAddress(payee)), shares.map(({ share }) => share)];
}

/** Makes sure that there is a contract at an address. @throws {ProvenanceError} `OPTION_INVALID`, `CHAIN_UNREACHABLE` */
export async function assertContract(provider: Provider, address: string, what: string): Promise<void> {
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

/** Tells whether a contract stands at an address. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function hasCode(provider: Provider, address: string): Promise<boolean> {
  return (await readCode(provider, address, SPLITTER_INTERFACE)) !== "0x";
}
