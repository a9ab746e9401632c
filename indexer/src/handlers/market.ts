import { ponder } from "ponder:registry";
import { license, offer, payment } from "ponder:schema";
import { chainsWithMarkets } from "../../lib/chains.ts";
import { marketOf, offerIdOf, placeInMarket } from "../../lib/key.ts";
import { addToEarning } from "./revenue.ts";

// Where the registries file names no market, Ponder knows no such contract.
if (chainsWithMarkets(process.env).length > 0) {
  ponder.on("Market:OfferOpened", async ({ event, context }) => {
    const { offerId, offer: opened } = event.args;
    const { tokenId: id, duration, deadline, ...rest } = opened;
    await context.db.insert(offer).values({
      ...marketOf(event, context),
      ...rest,
      offerId,
      id,
      duration: BigInt(duration),
      deadline: BigInt(deadline),
      isCancelled: false,
      payments: 0,
      block: event.block.number,
      transaction: event.transaction.hash,
    });
  });

  ponder.on("Market:OfferCancelled", async ({ event, context }) => {
    const key = { ...marketOf(event, context), offerId: event.args.offerId };
    // Of one that was never opened nothing is known but that.
    if ((await context.db.find(offer, key)) === null) return;
    await context.db.update(offer, key).set({ isCancelled: true });
  });

  ponder.on("Market:LicensePaid", async ({ event, context }) => {
    const { offerId, licenseId, payer, expires, received } = event.args;
    const key = marketOf(event, context);
    const place = placeInMarket(event, context);
    await context.db.insert(payment).values({ ...place, offerId, licenseId, payer, received, expires });
    const opened = await context.db.find(offer, { ...key, offerId });
    // An index that begins after the market's first block does not have every offer.
    if (opened === null) return;
    await context.db.update(offer, { ...key, offerId }).set(({ payments }) => ({ payments: payments + 1 }));
    await addToEarning(context, opened, { paid: received });
  });

  ponder.on("Market:Transfer", async ({ event, context }) => {
    const { tokenId: licenseId, to: holder } = event.args;
    const key = marketOf(event, context);
    const offerId = offerIdOf(licenseId);
    const bought = await context.db.find(offer, { ...key, offerId });
    await context.db
      .insert(license)
      .values({
        ...key,
        licenseId,
        offerId,
        registry: bought?.registry ?? null,
        id: bought?.id ?? null,
        holder,
        expires: 0n,
        block: event.block.number,
      })
      .onConflictDoUpdate({ holder });
  });

  ponder.on("Market:SubscriptionUpdate", async ({ event, context }) => {
    const key = { ...marketOf(event, context), licenseId: event.args.tokenId };
    // An index that begins after the market's first block does not have every licence.
    if ((await context.db.find(license, key)) === null) return;
    await context.db.update(license, key).set({ expires: event.args.expiration });
  });
}
