import { ZeroAddress } from "ethers";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { readRevenue } from "../../registry/market/read-revenue.ts";
import { requireRecord } from "../../registry/standing.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describePayment } from "../../registry/market/describe-trade.ts";
import { describeShares } from "../market/describe-offer.ts";
import { requireMarket } from "../market/open-market.ts";
import { type OptionValues, required } from "../options.ts";
import { type Terminal, table } from "../terminal.ts";

/** Prints what a model brought, what waits to be settled, and what its owner can take out. */
export async function runRevenueShow(
  options: OptionValues<"registryAddress" | "tokenId" | "market" | "currency" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const registry = await connectRegistry(connection, options);
  const { owner } = await requireRecord(registry, tokenId);
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  const model = { registry: registry.address, tokenId };
  const currency = options.currency ?? ZeroAddress;
  const { upstream, terms, credits, till, due, ...rest } = await readRevenue(market, model, { owner, currency });
  const unsettled = rest.unsettledOffers;
  if (options.format === "json") {
    const document = {
      schemaVersion: "1.0",
      verb: "revenue show",
      chainId: Number(market.chainId),
      registry: registry.address,
      market: market.address,
      tokenId: toHex32(tokenId),
      currency,
      upstream: {
        version: upstream.version,
        shares: upstream.shares.map(({ parentId, basisPoints }) => ({ parentId: toHex32(parentId), basisPoints })),
      },
      derivativeTerms: terms ?? null,
      unsettledOffers: unsettled.map(({ offerId, offer, unsettled: amount }) => ({
        offerId,
        seller: offer.seller,
        currency: offer.currency,
        amount: String(amount),
      })),
      unsettledCredits: credits.map((credit) => ({ ...credit, amount: String(credit.amount) })),
      till: { address: till.address, amount: String(till.amount) },
      withdrawable: { account: owner, amount: String(due) },
    };
    terminal.print(JSON.stringify(document, null, 2));
    return EXIT.done;
  }
  const rows = [
    ["parents get", upstream.version === 0 ? "nothing: no shares were set" : describeShares(upstream.shares)],
    ...(terms === undefined ? [] : [["children owe", `${terms.minimumBasisPoints / 100} % at least`]]),
    ...unsettled.map(({ offerId, offer, unsettled: amount }) => [
      "to settle",
      `${describePayment(amount, offer.currency)} of the offer ${offerId}`,
    ]),
    ...credits.map(({ amount, currency: of, account }) => [
      "to settle",
      `${describePayment(amount, of)} from children or the till, for ${account}`,
    ]),
    ["till", `${till.address} holds ${describePayment(till.amount, currency)}`],
    ["owner", `${owner} can withdraw ${describePayment(due, currency)}`],
  ];
  terminal.print(table(rows));
  return EXIT.done;
}
