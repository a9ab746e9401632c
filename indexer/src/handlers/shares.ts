import { ponder } from "ponder:registry";
import { derivativeTerm, proposal, share } from "ponder:schema";
import { chainsWithMarkets } from "../../lib/chains.ts";
import { marketOf, placeInMarket } from "../../lib/key.ts";

// Where the registries file names no market, Ponder knows no such contract.
if (chainsWithMarkets(process.env).length > 0) {
  ponder.on("Market:UpstreamChanged", async ({ event, context }) => {
    const { registry, tokenId: child, version, parents, basisPoints } = event.args;
    const key = { ...marketOf(event, context), registry, child, version, block: event.block.number };
    // The contract takes 16 parents at most, and none without a share; what is sent is its matter.
    const shares = parents.map((parent, position) => ({
      ...key,
      position,
      parent,
      basisPoints: basisPoints[position] ?? 0,
    }));
    if (shares.length > 0) await context.db.insert(share).values(shares);
  });

  ponder.on("Market:UpstreamProposed", async ({ event, context }) => {
    const { tokenId: id, registry, account, basisPoints } = event.args;
    await context.db
      .insert(proposal)
      .values({ ...placeInMarket(event, context), registry, id, account, basisPoints: [...basisPoints] });
  });

  ponder.on("Market:DerivativeTermsChanged", async ({ event, context }) => {
    const { parentId: id, registry, minimumBasisPoints, termsDigest } = event.args;
    const terms = { minimumBasisPoints, termsDigest, block: event.block.number };
    await context.db
      .insert(derivativeTerm)
      .values({ ...marketOf(event, context), registry, id, ...terms })
      .onConflictDoUpdate(terms);
  });
}
