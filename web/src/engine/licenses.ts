import {
  type License,
  type Market,
  type OpenedOffer,
  ProvenanceError,
  type Registry,
  type Trade,
  allowPayment,
  buyLicense,
  describePayment,
  neededAllowances,
  openMarket,
  rawCidOfDigest,
  readCurrency,
  readTrades,
  renewLicense,
  toHex32,
  toIpfsUri,
} from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";
import { type SendOptions, sendByWallet } from "./send.ts";
import { openOne } from "./sources.ts";

/** An offer, with what a reader needs to know of it. */
export interface ShownOffer extends OpenedOffer {
  /** In words. */
  readonly price: string;
  /** Whether the wallet is asked for leave first, to take the price. */
  readonly isToken: boolean;
  /** How many can still be bought; undefined: no limit. */
  readonly left?: number;
  /** `ipfs://…` */
  readonly terms: string;
  readonly licenses: readonly License[];
}

/** The share of a parent. */
export interface ShownShare {
  readonly parentId: string;
  readonly percent: number;
}

/** What is offered and sold of a model, and whose part it is. */
export interface ShownTrade {
  readonly market: string;
  readonly offers: readonly ShownOffer[];
  readonly shares: readonly ShownShare[];
}

const ZERO_ADDRESS = `0x${"00".repeat(20)}`;

/** Who sends, and who is told. */
export type Asked = Omit<SendOptions, "label">;

/** Reads what the market of a registry knows of a model; undefined where no market is named. @throws {ProvenanceError} as `openMarket` */
export async function readTrade(account: string, tokenId: string): Promise<ShownTrade | undefined> {
  const { registry } = await openOne(account);
  if (registry.market === undefined) return undefined;
  const market = await openMarket(registry.provider, registry.market, registry.startBlock);
  const [trade] = await readTrades(market, registry.address, [BigInt(tokenId)]);
  return trade === undefined ? undefined : show(market, trade);
}

/**
 * Buys a licence under an offer as it was shown: the market refuses another price or other terms. For a token, it is allowed exactly
 * the price first.
 *
 * @param licensee - who will hold it; who pays when left out
 * @throws {ProvenanceError} as {@link sendByWallet}
 */
export async function buy({ offer }: ShownOffer, licensee: string | undefined, asked: Asked): Promise<void> {
  await sendByWallet({ ...asked, label: STRINGS.licenses.buying }, async (registry, context, from) => {
    const market = await marketOf(registry);
    for (const amount of await neededAllowances(market, offer, from))
      await allowPayment(market, { currency: offer.currency, amount }, context);
    return buyLicense(market, { offer, signature: "0x" }, licensee ?? from, context);
  });
}

/** Pays for one more duration of a licence. @throws {ProvenanceError} as {@link sendByWallet} */
export async function renew({ offer }: ShownOffer, { licenseId }: License, asked: Asked): Promise<void> {
  await sendByWallet({ ...asked, label: STRINGS.licenses.renewing }, async (registry, context, from) => {
    const market = await marketOf(registry);
    for (const amount of await neededAllowances(market, offer, from))
      await allowPayment(market, { currency: offer.currency, amount }, context);
    return renewLicense(market, licenseId, offer, context);
  });
}

/** The market of a registry. @throws {ProvenanceError} `MARKET_NOT_FOUND` where none is named, `CHAIN_UNREACHABLE` */
export async function marketOf({ provider, market, startBlock }: Registry): Promise<Market> {
  if (market === undefined) throw new ProvenanceError("MARKET_NOT_FOUND", STRINGS.licenses.noMarket);
  return openMarket(provider, market, startBlock);
}

async function show(market: Market, { offers, licenses, upstream }: Trade): Promise<ShownTrade> {
  const tokens = [...new Set(offers.map(({ offer }) => offer.currency))].filter((one) => one !== ZERO_ADDRESS);
  const found = await Promise.all(tokens.map(async (one) => [one, await readCurrency(market.provider, one)] as const));
  const names = new Map(found);
  return {
    market: market.address,
    shares: upstream.shares.map(({ parentId, basisPoints }) => {
      return { parentId: toHex32(parentId), percent: basisPoints / 100 };
    }),
    offers: offers.map((one) => {
      const { offer, offerId, sold } = one;
      return {
        ...one,
        price: describePayment(offer.price, offer.currency, names.get(offer.currency)),
        isToken: offer.currency !== ZERO_ADDRESS,
        terms: toIpfsUri(rawCidOfDigest(offer.termsDigest)),
        licenses: licenses.filter((license) => license.offerId === offerId),
        ...(offer.limit > 0n && { left: Math.max(0, Number(offer.limit) - sold) }),
      };
    }),
  };
}
