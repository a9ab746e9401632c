import { zeroPadValue } from "ethers";
import { type Hex, toHex32 } from "../../base/hex.ts";
import { callMany } from "../call-many.ts";
import { readLogs } from "../read-events.ts";
import { readBalance } from "./currency.ts";
import { MARKET_INTERFACE, type Market, askMarket } from "./market.ts";
import type { LicensedModel } from "./read-offers.ts";

/** The share of a parent. */
export interface ParentShare {
  readonly parentId: bigint;
  readonly basisPoints: number;
}

/** The shares of a model's parents that hold now. */
export interface Upstream {
  /** Zero: none were set. */
  readonly version: number;
  readonly shares: readonly ParentShare[];
}

/** What came in for an account and is not divided yet. */
export interface Credit {
  /** Of the shares that hold for it. */
  readonly version: number;
  readonly account: string;
  /** The zero address: ether. */
  readonly currency: string;
  /** In the smallest unit of the currency. */
  readonly amount: bigint;
}

/** The shares of a model's parents. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readUpstream(market: Market, { registry, tokenId }: LicensedModel): Promise<Upstream> {
  return (await listUpstreams(market, registry, [tokenId]))[0] as Upstream;
}

/** The shares of the parents of each of several models of one registry. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function listUpstreams(
  market: Market,
  registry: string,
  tokenIds: readonly bigint[],
): Promise<Upstream[]> {
  const answers = await callMany(
    market,
    tokenIds.map((tokenId) => ({ name: "getUpstream", args: [registry, tokenId] })),
  );
  return answers.map((answer) => {
    const [version, parents, basisPoints] = answer as unknown as [bigint, bigint[], bigint[]];
    const shares = parents.map((parentId, i) => ({ parentId, basisPoints: Number(basisPoints[i]) }));
    return { version: Number(version), shares };
  });
}

/** What a model's owner asks of children that offer licences; undefined where nothing. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readDerivativeTerms(
  { contract }: Market,
  { registry, tokenId }: LicensedModel,
): Promise<{ readonly minimumBasisPoints: number; readonly termsDigest: Hex } | undefined> {
  const { minimumBasisPoints, termsDigest } = await askMarket(contract.getDerivativeTerms(registry, tokenId));
  if (minimumBasisPoints === 0n && BigInt(termsDigest) === 0n) return undefined;
  return { minimumBasisPoints: Number(minimumBasisPoints), termsDigest: termsDigest as Hex };
}

/**
 * What a model got from its children and its till that waits to be divided.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function listCredits(market: Market, { registry, tokenId }: LicensedModel): Promise<Credit[]> {
  const credited = MARKET_INTERFACE.getEvent("RevenueCredited").topicHash;
  const places = new Map<string, Omit<Credit, "amount">>();
  for await (const { items } of readLogs(market, [credited, zeroPadValue(registry, 32), toHex32(tokenId)])) {
    for (const { args } of items) {
      const [version, account, currency] = [Number(args["version"]), String(args["account"]), String(args["currency"])];
      // Without shares it can be withdrawn at once.
      if (version > 0) places.set(`${version} ${account} ${currency}`, { version, account, currency });
    }
  }
  const credits = [...places.values()].map(async (place) => {
    const { version, account, currency } = place;
    const amount = await askMarket(market.contract.unsettled(registry, tokenId, version, account, currency));
    return { ...place, amount };
  });
  return (await Promise.all(credits)).filter(({ amount }) => amount > 0n);
}

/** What an account can withdraw of a currency; the zero address: ether. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readWithdrawable({ contract }: Market, account: string, currency: string): Promise<bigint> {
  return askMarket(contract.withdrawable(account, currency));
}

/** Where a model's till is, and what lies in it of a currency. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readTill(
  { contract, provider }: Market,
  { registry, tokenId }: LicensedModel,
  currency: string,
): Promise<{ readonly address: string; readonly amount: bigint }> {
  const address = await askMarket(contract.tillAddress(registry, tokenId));
  return { address, amount: await readBalance(provider, currency, address) };
}
