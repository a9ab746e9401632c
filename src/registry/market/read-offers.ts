import { type Result, zeroPadValue } from "ethers";
import type { Hex } from "../../base/hex.ts";
import { toHex32 } from "../../base/hex.ts";
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
  const opened = MARKET_INTERFACE.getEvent("OfferOpened").topicHash;
  const found: { offerId: Hex; offer: Offer }[] = [];
  const topics = [opened, zeroPadValue(registry, 32), toHex32(tokenId)];
  for await (const { items } of readLogs(market, topics, { places })) {
    for (const { args } of items) {
      found.push({ offerId: args["offerId"] as Hex, offer: fromStruct(args["offer"] as Result) });
    }
  }
  return Promise.all(found.map(async (one) => ({ ...one, ...(await readOfferStanding(market, one.offerId)) })));
}

/** How an offer stands. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readOfferStanding({ contract }: Market, offerId: Hex): Promise<OfferStanding> {
  const { state, isAlive, sold, unsettled, version } = await askMarket(contract.getOffer(offerId));
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
