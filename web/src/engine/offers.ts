import {
  type LicenseKind,
  type OfferTerms,
  TERMS_MAX_BYTES,
  cancelOffer,
  draftOffer,
  listOffer,
  parseAddress,
  parseDuration,
  parseLimit,
  parsePrice,
} from "model-provenance-nft/core";
import { saveBytes } from "../parts/save.ts";
import { STRINGS } from "../strings.ts";
import { type Asked, type ShownOffer, marketOf } from "./licenses.ts";
import { type PinPlace, pinFiles } from "./publish/pin-files.ts";
import { sendByWallet } from "./send.ts";

/** An offer as it was typed; what is empty was left open. */
export interface OfferForm {
  readonly kind: LicenseKind;
  readonly price: string;
  /** An ERC-20 token; empty: ether. */
  readonly currency: string;
  /** Empty: for ever. */
  readonly duration: string;
  /** A day; empty: without an end. */
  readonly deadline: string;
  readonly limit: string;
  readonly endsWhenRevoked: boolean;
  readonly terms: File | undefined;
}

/** What is wrong, by the field. */
export type OfferFaults = Partial<Record<keyof OfferForm, string>>;

const TEXT = STRINGS.administration.offer;
const ETHER = `0x${"00".repeat(20)}`;

/** Reads an offer that was typed; every fault of it where it is wrong. */
export async function readOfferForm(tokenId: bigint, form: OfferForm): Promise<OfferTerms | { faults: OfferFaults }> {
  const { kind, endsWhenRevoked, terms } = form;
  const typed = (name: "price" | "currency" | "duration" | "deadline" | "limit") => form[name].trim();
  const currency = typed("currency") === "" ? ETHER : parseAddress(typed("currency"));
  const isEther = currency === ETHER;
  const price = parsePrice(typed("price"), isEther);
  const duration = typed("duration") === "" ? undefined : parseDuration(typed("duration"));
  const limit = typed("limit") === "" ? undefined : parseLimit(typed("limit"));
  const end = typed("deadline") === "" ? undefined : Date.parse(`${typed("deadline")}T23:59:59Z`);
  const faults: OfferFaults = {
    ...(price === undefined && { price: isEther ? TEXT.invalidEther : TEXT.invalidUnits }),
    ...(currency === undefined && { currency: STRINGS.administration.invalidAccount }),
    ...(typed("duration") !== "" && duration === undefined && { duration: TEXT.invalidDuration }),
    ...(typed("limit") !== "" && limit === undefined && { limit: TEXT.invalidLimit }),
    ...(Number.isNaN(end) && { deadline: STRINGS.administration.invalidDate }),
    ...(terms === undefined && { terms: TEXT.noTerms }),
    ...(terms?.size === 0 && { terms: TEXT.emptyTerms }),
    ...(terms !== undefined && terms.size > TERMS_MAX_BYTES && { terms: TEXT.longTerms(terms.size, TERMS_MAX_BYTES) }),
  };
  if (Object.keys(faults).length > 0 || price === undefined || terms === undefined) return { faults };
  return {
    tokenId,
    price,
    kind,
    endsWhenRevoked,
    text: new Uint8Array(await terms.arrayBuffer()),
    ...(currency !== undefined && { currency }),
    ...(duration !== undefined && { duration }),
    ...(limit !== undefined && { limit }),
    ...(end !== undefined && { deadline: { at: BigInt(Math.floor(end / 1000)) } }),
  };
}

/**
 * Lists an offer: the chain is asked first, then the terms are pinned, then the wallet is asked.
 *
 * @returns what is said at the end
 * @throws {ProvenanceError} as {@link sendByWallet}, `draftOffer` and {@link pinFiles}
 */
export async function listFromPage(said: OfferTerms, place: PinPlace, asked: Asked): Promise<string> {
  return sendByWallet({ ...asked, label: TEXT.listing }, async (registry, context, from) => {
    const market = await marketOf(registry);
    const { offer, terms } = await draftOffer(registry, from, said);
    let saved: string | undefined;
    await listOffer(market, offer, {
      ...context,
      confirm: async (plan) => {
        asked.onStep("pinning");
        const file = { root: terms.cid, blocks: [terms] };
        const { car } = await pinFiles([file], place, { onStep: () => undefined });
        if (car !== undefined) saveBytes(car.name, car.bytes, "application/vnd.ipld.car");
        saved = car?.name;
        await context.confirm?.(plan);
      },
    });
    return saved === undefined ? TEXT.listed : TEXT.listedWithCar(saved);
  });
}

/** Cancels an offer as it was shown. @throws {ProvenanceError} as {@link sendByWallet} */
export async function cancelFromPage({ offer }: ShownOffer, asked: Asked): Promise<void> {
  await sendByWallet({ ...asked, label: TEXT.cancelling }, async (registry, context) =>
    cancelOffer(await marketOf(registry), offer, context),
  );
}
