import { type Result, zeroPadValue } from "ethers";
import type { Hex } from "../../base/hex.ts";
import { toHex32 } from "../../base/hex.ts";
import { callMany } from "../call-many.ts";
import type { EventPlaces } from "../event-places.ts";
import { readLogs } from "../read-events.ts";
import { MARKET_INTERFACE, type Market, askMarket } from "./market.ts";
import { LICENSE_KINDS, type Offer } from "./offer.ts";

/** A model of some registry on the market's chain. */
export interface LicensedModel {
  /** Address of the registry. */
  readonly registry: string;
  readonly tokenId: bigint;
}

/** What the market knows of an offer. */
export interface OfferStanding {
  /** 0x-hex of 23 bytes. */
  readonly offerId: Hex;
  readonly state: "unknown" | "open" | "cancelled";
  /** Whether it sells and renews now, the limit aside. */
  readonly isAlive: boolean;
  /** How many licences were sold. */
  readonly sold: number;
  /** What it brought since the last settlement, in the smallest unit of its currency. */
  readonly unsettled: bigint;
  /** Version of the parents' shares that hold for that; zero: none. */
  readonly version: number;
}

/** An offer that was opened, and how it stands. */
export interface OpenedOffer extends OfferStanding {
  readonly offer: Offer;
}

const STATES = ["unknown", "open", "cancelled"] as const;
// Nodes take a thousand values of a topic at most; of more models all offers of the registry are read.
const MOST_NAMED = 500;

/**
 * Reads the offers of a model that were listed, or under which a licence was bought, the oldest first. Of an offer that was
 * only signed the chain knows nothing.
 *
 * @param places - where alone they are looked for; every one found there is the chain's
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function listOffers(
  market: Market,
  { registry, tokenId }: LicensedModel,
  places?: EventPlaces,
): Promise<OpenedOffer[]> {
  return listOffersOf(market, registry, [tokenId], places);
}

/** The same for several models of one registry: the events are read once. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function listOffersOf(
  market: Market,
  registry: string,
  tokenIds: readonly bigint[],
  places?: EventPlaces,
): Promise<OpenedOffer[]> {
  const opened = MARKET_INTERFACE.getEvent("OfferOpened").topicHash;
  const wanted = new Set(tokenIds);
  const found: { offerId: Hex; offer: Offer }[] = [];
  const topics = [opened, zeroPadValue(registry, 32), tokenIds.length > MOST_NAMED ? null : tokenIds.map(toHex32)];
  for await (const { items } of readLogs(market, topics, { places })) {
    for (const { args } of items) {
      const offer = fromStruct(args["offer"] as Result);
      if (wanted.has(offer.tokenId)) found.push({ offerId: args["offerId"] as Hex, offer });
    }
  }
  const calls = found.map(({ offerId }) => ({ name: "getOffer", args: [offerId] }));
  const answers = await callMany(market, calls);
  return found.map((one, i) => ({ ...one, ...toStanding(one.offerId, (answers[i] as Result)[0] as Standing) }));
}

/** How an offer stands. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readOfferStanding({ contract }: Market, offerId: Hex): Promise<OfferStanding> {
  return toStanding(offerId, await askMarket(contract.getOffer(offerId)));
}

type Standing = Awaited<ReturnType<Market["contract"]["getOffer"]>>;

function toStanding(offerId: Hex, { state, isAlive, sold, unsettled, version }: Standing): OfferStanding {
  return {
    offerId,
    state: STATES[Number(state)] ?? "unknown",
    isAlive,
    sold: Number(sold),
    unsettled,
    version: Number(version),
  };
}

function fromStruct(values: Result): Offer {
  const { kind, ...rest } = values.toObject() as Omit<Offer, "kind"> & { kind: bigint };
  return { ...rest, kind: LICENSE_KINDS[Number(kind)] ?? "use" };
}
