import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { readMetadata } from "../../metadata/read-metadata.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { checkMetadataSignature } from "../../registry/check-signature.ts";
import { isEndorsed } from "../../registry/endorsements.ts";
import { type ModelPlaces, describeNamed } from "../../registry/indexer/indexer-client.ts";
import { readHistory } from "../../registry/lineage/record-history.ts";
import { type ModelRecord, readModelRecord } from "../../registry/model-record.ts";
import { compareRegistryCode } from "../../registry/registry-code.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import { readRoyalty } from "../../registry/royalties.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { readTrade } from "../market/read-trade.ts";
import { type Options, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { openSources } from "../verify/with-registries.ts";
import { type Details, printDetails, toDetailsDocument } from "./show-details.ts";
import { readPeople } from "./show-people.ts";

const BASIS_POINTS = 10_000n;

/** Prints one record in full: what the chain keeps, what was emitted, what happened since, and the metadata. */
export async function runShow(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"), { hfCache: options.hfCache ?? false });
  const { registry: registries, store, unreachable, publishers } = await openSources(options, connect, terminal);
  const found = await findToken(registries, tokenId, terminal);
  if (found === undefined) {
    const text = `There is no token ${toHex32(tokenId)} in the registries that were asked.`;
    throw new ProvenanceError(unreachable.length > 0 ? "CHAIN_UNREACHABLE" : "TOKEN_UNKNOWN", text);
  }
  const places = await found.registry.indexer?.findPlaces(toCaip10(found.registry), tokenId);
  const details = await readDetails(found.registry, found.record, places);
  const metadata = await readMetadata(found.record.metadataDigest, store).catch((error: unknown) => {
    if (!(error instanceof ProvenanceError)) throw error;
    terminal.warn(error.message);
    return undefined;
  });
  const domain = { chainId: found.registry.chainId, registry: found.registry.address };
  const answer =
    metadata && (await checkMetadataSignature(metadata, found.record.creator, domain, found.registry.provider));
  if (answer?.signed === "unknown") terminal.warn(`The signature in the metadata was not checked: ${answer.why}.`);
  const signed = answer === undefined || answer.signed === "unknown" ? undefined : answer.signed === "yes";
  const { registry, record } = found;
  const people = await readPeople(registry, record, metadata, details.royalty.receiver, publishers);
  for (const why of people.publisher.unread ?? []) terminal.warn(`${why}.`);
  const trade = await readTrade(registry, record.tokenId, options, (text) => terminal.warn(text), places);
  const all: Details = {
    ...details,
    people,
    gaps: describeGaps(registry, { ...details, ...(trade && { trade }) }, places),
    ...(trade && { trade }),
    ...(metadata && { metadata }),
    ...(signed !== undefined && { signed }),
  };
  for (const gap of all.gaps) terminal.warn(gap);
  if (options.format === "json") printJson(terminal, toDetailsDocument(all));
  else printDetails(all, terminal);
  return EXIT.done;
}

/** One registry that fails is said, and the others are asked. @throws {ProvenanceError} where none has it and one failed */
async function findToken(registries: readonly Registry[], tokenId: bigint, terminal: Terminal) {
  const failures: ProvenanceError[] = [];
  for (const registry of registries) {
    try {
      const record = await readModelRecord(registry, tokenId);
      if (record === undefined) continue;
      for (const { message } of failures) terminal.warn(message);
      return { registry, record };
    } catch (error) {
      if (!(error instanceof ProvenanceError) || error.code !== "CHAIN_UNREACHABLE") throw error;
      failures.push(error);
    }
  }
  if (failures[0] !== undefined) throw failures[0];
  return undefined;
}

async function readDetails(
  registry: Registry,
  record: ModelRecord,
  places: ModelPlaces | undefined,
): Promise<Omit<Details, "people" | "gaps">> {
  const { tokenId, parents } = record;
  const [history, { result: code }, royalty, endorsed] = await Promise.all([
    readHistory(registry, record, places?.registry),
    compareRegistryCode(registry),
    readRoyalty(registry, tokenId, BASIS_POINTS),
    Promise.all(parents.map(async (parentId) => isEndorsed(registry, parentId, { tokenId }))),
  ]);
  const named = parents.map((parentId, i) => ({ tokenId: parentId, endorsed: endorsed[i] === true }));
  return { registry, record, history, code, royalty, parents: named };
}

/** What was read only where an indexer said. */
function describeGaps(
  { indexer }: Registry,
  { history, trade }: Pick<Details, "history" | "trade">,
  places: ModelPlaces | undefined,
): string[] {
  const hasNamedOffers = trade !== undefined && places?.markets.has(trade.market.toLowerCase()) === true;
  const parts = [
    ...(history.isAsNamed ? ["Changes of status and hands, children and endorsements"] : []),
    ...(hasNamedOffers ? [history.isAsNamed ? "offers" : "Offers"] : []),
  ];
  if (indexer === undefined || parts.length === 0) return [];
  return [describeNamed(indexer, parts.join(", and "))];
}
