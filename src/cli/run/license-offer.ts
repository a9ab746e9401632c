import { writeFile } from "node:fs/promises";
import { ZeroAddress } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { readTerms } from "../market/read-terms.ts";
import { parsePrice } from "../../base/values.ts";
import type { Block } from "../../content/cid.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type DraftedOffer, type OfferTerms, draftOffer } from "../../publish/market/draft-offer.ts";
import { listOffer, signOffer } from "../../publish/market/licenses.ts";
import type { Market } from "../../registry/market/market.ts";
import { offerIdOf } from "../../registry/market/offer.ts";
import { formatOfferFile, toOfferJson } from "../../registry/market/offer-file.ts";
import { type ChainConnection, describeNetwork } from "../chain-connection.ts";
import { type ChangeSession, consequenceRows, makeChange, openChange, printDocument } from "../change-registry.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeOffer, termsOf } from "../market/describe-offer.ts";
import { requireMarket } from "../market/open-market.ts";
import { openPinningStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { needsAnswer } from "../plan.ts";
import { type Terminal, confirm, table } from "../terminal.ts";

/** What is made before anything is signed or sent. */
interface Draft extends DraftedOffer {
  readonly session: ChangeSession;
  readonly market: Market;
}

/** Signs an offer of licences and writes its file; nothing is sent to the chain. */
export async function runLicenseOffer(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const path = required(options, "outputPath");
  const { session, market, offer, terms } = await draft(options, connection, terminal);
  const means = {
    changes: `whoever holds the file can buy ${describeOffer(offer)}`,
    affects: `you are paid, less the shares of the model's parents; the terms at ${termsOf(offer)} become public`,
    undo: "with license cancel, which is a transaction of yours; licences that were bought live on",
  };
  const rows = [
    ["network", describeNetwork(connection)],
    ["market", market.address],
    ["signer", session.from],
    ["cost", "no gas: nothing is sent to the chain"],
  ];
  terminal.note(table([...consequenceRows(means), ...rows]));
  const changed = { offerId: offerIdOf(market, offer), offer: toOfferJson(offer), file: options.dryRun ? null : path };
  if (!options.dryRun) {
    if (needsAnswer(options, connection)) await confirm(terminal, "Pin the terms and sign the offer?");
    await pinTerms(options, connection, terminal, terms);
    await write(path, formatOfferFile(await signOffer(market, session.signer, offer)));
  }
  if (options.format === "json") {
    printDocument(session, "license offer", { existing: false, consequences: means, changed });
  } else if (options.dryRun) terminal.print("license offer: nothing was pinned or signed, as DRY_RUN says");
  else {
    terminal.print(path);
    terminal.note(`offer ${changed.offerId}. To buy: model-provenance license buy ${path} --market ${market.address}`);
  }
  return EXIT.done;
}

/** Lists an offer of licences on the chain. */
export async function runLicenseList(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const { session, market, offer, terms } = await draft(options, connection, terminal);
  const offerId = offerIdOf(market, offer);
  return makeChange(session, {
    verb: "license list",
    consequences: {
      changes: `anybody can buy ${describeOffer(offer)}`,
      affects: `you are paid, less the shares of the model's parents; the terms at ${termsOf(offer)} become public`,
      undo: "with license cancel; licences that were bought live on",
    },
    question: "List the offer?",
    done: `the offer ${offerId} is listed`,
    changed: { offerId, offer: toOfferJson(offer) },
    send: async (context) =>
      listOffer(market, offer, {
        ...context,
        confirm: async (plan) => {
          await context.confirm?.(plan);
          await pinTerms(options, connection, terminal, terms);
        },
      }),
  });
}

async function draft(options: Options, connection: ChainConnection, terminal: Terminal): Promise<Draft> {
  const [token, price] = [required(options, "tokenId"), required(options, "licensePrice")];
  const text = await readTerms(required(options, "termsPath"));
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  const { currency = ZeroAddress, deadline, licenseDuration, licenseLimit } = options;
  const said: OfferTerms = {
    tokenId: await resolveTokenId(token),
    currency,
    price: readPrice(price, currency === ZeroAddress),
    kind: options.licenseKind ?? "use",
    endsWhenRevoked: options.endsWhenRevoked ?? false,
    text,
    ...(licenseDuration !== undefined && { duration: licenseDuration }),
    ...(licenseLimit !== undefined && { limit: licenseLimit }),
    ...(deadline !== undefined && { deadline }),
  };
  return { session, market, ...(await draftOffer(registry, from, said)) };
}

function readPrice(text: string, isEther: boolean): bigint {
  const price = parsePrice(text, isEther);
  if (price !== undefined) return price;
  const takes = isEther ? "an amount of ether, for example 0.05" : "a whole number of its smallest unit";
  throw new ProvenanceError("OPTION_INVALID", `LICENSE_PRICE takes ${takes}, got ${JSON.stringify(text)}.`);
}

async function pinTerms(
  options: Options,
  { chainId }: ChainConnection,
  terminal: Terminal,
  terms: Block,
): Promise<void> {
  const store = await openPinningStore(options, chainId, terminal);
  await store.pin(terms.cid, [terms], { linksOnly: false });
}

/** An offer that is there already may be one that somebody waits for. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flag: "wx" }).catch((cause: NodeJS.ErrnoException) => {
    const isTaken = cause.code === "EEXIST";
    const text = isTaken
      ? `${path} exists already, and is not overwritten. Set OUTPUT_PATH to another file.`
      : `The offer cannot be written to ${path} (${cause.code}).`;
    throw new ProvenanceError(isTaken ? "TARGET_TAKEN" : "TARGET_FAILED", text, { cause });
  });
}
