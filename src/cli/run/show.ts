import { isEndorsed } from "../../registry/endorsements.ts";
import { type ModelRecord, readModelRecord } from "../../registry/model-record.ts";
import { compareRegistryCode } from "../../registry/registry-code.ts";
import { explorerLinks } from "../../registry/networks.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import { readRoyalty } from "../../registry/royalties.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { type RecordHistory, mintOf, nameChild, readHistory } from "../../registry/lineage/record-history.ts";
import { readMetadata } from "../../metadata/read-metadata.ts";
import type { Metadata } from "../../metadata/schema.ts";
import { checkMetadataSignature } from "../../registry/check-signature.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { rawCidOfDigest, toIpfsUri } from "../../content/cid.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { toTradeDocument } from "../../registry/market/trade-document.ts";
import type { Trade } from "../../registry/market/trade.ts";
import { readTrade, tradeLines } from "../market/read-trade.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, printable, table } from "../terminal.ts";
import { describePublisher } from "../report/human.ts";
import { type People, contributorLines, peopleDocument, readPeople } from "./show-people.ts";
import { openSources } from "../verify/with-registries.ts";

/** One record and all that belongs to it. */
interface Details {
  readonly registry: Registry;
  readonly record: ModelRecord;
  readonly history: RecordHistory;
  readonly code: "same" | "same-code" | "other";
  /** Of a price of 10 000: basis points. */
  readonly royalty: { readonly receiver: string; readonly amount: bigint };
  readonly parents: readonly { readonly tokenId: bigint; readonly endorsed: boolean }[];
  readonly metadata?: Metadata;
  readonly signed?: boolean;
  readonly people: People;
  /** What is offered and sold of it, where a market is known. */
  readonly trade?: Trade;
}

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
  const details = await readDetails(found.registry, found.record);
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
  const trade = await readTrade(registry, record.tokenId, options, (text) => terminal.warn(text));
  const all = {
    ...details,
    people,
    ...(trade && { trade }),
    ...(metadata && { metadata }),
    ...(signed !== undefined && { signed }),
  };
  if (options.format === "json") printJson(terminal, toDocument(all));
  else print(all, terminal);
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

async function readDetails(registry: Registry, record: ModelRecord): Promise<Omit<Details, "people">> {
  const { tokenId, parents } = record;
  const [history, { result: code }, royalty, endorsed] = await Promise.all([
    readHistory(registry, record),
    compareRegistryCode(registry),
    readRoyalty(registry, tokenId, BASIS_POINTS),
    Promise.all(parents.map(async (parentId) => isEndorsed(registry, parentId, { tokenId }))),
  ]);
  const named = parents.map((parentId, i) => ({ tokenId: parentId, endorsed: endorsed[i] === true }));
  return { registry, record, history, code, royalty, parents: named };
}

function print(
  { registry, record, history, code, royalty, parents, metadata, signed, people, trade }: Details,
  terminal: Terminal,
): void {
  const { event, statuses, transfers, children, endorsements } = history;
  const contract = code === "other" ? "NOT the code of ModelProvenanceNFT of this version" : "code as built";
  const rows: [string, string][] = [
    ["token", toHex32(record.tokenId)],
    ["registry", `${toCaip10(registry)} (${contract})`],
    ["explorer", explorerLinks.token(registry.chainId, registry.address, record.tokenId) ?? ""],
    ["of the creator", explorerLinks.account(registry.chainId, record.creator) ?? ""],
    ["name", printable(metadata?.name ?? "")],
    ["version", printable(event.version)],
    ["creator", record.creator],
    ...describePublisher(people.publisher),
    ["owner", record.owner],
    [
      "recorded",
      `${new Date(record.mintedAt * 1000).toISOString()}, block ${event.blockNumber}, ${event.transactionHash}`,
    ],
    ["status", record.status],
    ["licence", printable(record.license) || "none stated"],
    ["framework", printable(record.framework)],
    ["metric", printable(record.performanceMetrics)],
    ["relation", record.relation],
    ...parents.map(({ tokenId, endorsed }): [string, string] => [
      "parent",
      `${toHex32(tokenId)} (${endorsed ? "endorsed" : "only claimed"})`,
    ]),
    ["manifest root", event.manifestRoot],
    ["weights digest", event.weightsDigest],
    ["data set digest", record.datasetDigest],
    ["metadata", `${toIpfsUri(rawCidOfDigest(record.metadataDigest))} (SHA-256 ${record.metadataDigest})`],
    ["signature", signed === undefined ? "not checked" : signed ? "of the creator" : "NOT of the creator"],
    ["royalty", `${royalty.amount} basis points to ${royalty.receiver}`],
    ["minted to", mintOf(history)?.to ?? ""],
  ];
  terminal.print(table(rows.filter(([, value]) => value !== "")));
  printList(terminal, "CONTRIBUTORS", contributorLines(people));
  printList(
    terminal,
    "STATUS",
    statuses.map(({ status, account, reason, blockNumber }) => {
      return `block ${blockNumber}: ${status} by ${account}${reason === "" ? "" : `: ${printable(reason)}`}`;
    }),
  );
  printList(
    terminal,
    "OWNERS",
    transfers.map(({ from, to, blockNumber }) => `block ${blockNumber}: ${from} to ${to}`),
  );
  printList(
    terminal,
    "CHILDREN",
    children.map(({ tokenId, relation }) => `${toHex32(tokenId)} (${relation})`),
  );
  printList(terminal, "ENDORSED", endorsements.map(nameChild));
  if (trade !== undefined) printList(terminal, `LICENCES in the market ${trade.market}`, tradeLines(trade));
  if (metadata !== undefined) {
    terminal.print("\nMETADATA");
    // Line by line: a text in it may hold what moves a terminal's cursor.
    for (const line of JSON.stringify(metadata, null, 2).split("\n")) terminal.print(printable(line));
  }
}

function printList(terminal: Terminal, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  terminal.print(`\n${title}`);
  for (const line of lines) terminal.print(`  ${line}`);
}

function toDocument({ registry, record, history, code, royalty, parents, metadata, signed, people, trade }: Details) {
  const { event, statuses, transfers, children, endorsements } = history;
  return {
    schemaVersion: "1.0",
    chainId: Number(registry.chainId),
    registry: registry.address,
    registryCode: code,
    record: { ...record, tokenId: toHex32(record.tokenId), parents: record.parents.map(toHex32) },
    event,
    metadataURI: toIpfsUri(rawCidOfDigest(record.metadataDigest)),
    signed,
    ...peopleDocument(people),
    ...(trade && { trade: toTradeDocument(trade) }),
    royalty: { receiver: royalty.receiver, basisPoints: Number(royalty.amount) },
    parents: parents.map(({ tokenId, endorsed }) => ({ tokenId: toHex32(tokenId), endorsed })),
    children: children.map(({ tokenId, ...rest }) => ({ tokenId: toHex32(tokenId), ...rest })),
    endorsements: endorsements.map(({ chainId, registry: address, childId }) => ({
      chainId: Number(chainId),
      registry: address,
      childId: toHex32(childId),
    })),
    statuses,
    transfers,
    metadata,
  };
}
