import { type RecordHistory, mintOf, nameChild } from "../../registry/lineage/record-history.ts";
import type { ModelRecord } from "../../registry/model-record.ts";
import { explorerLinks } from "../../registry/networks.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import { toHex32 } from "../../base/hex.ts";
import { rawCidOfDigest, toIpfsUri } from "../../content/cid.ts";
import type { Metadata } from "../../metadata/schema.ts";
import { toTradeDocument } from "../../registry/market/trade-document.ts";
import type { Trade } from "../../registry/market/trade.ts";
import { tradeLines } from "../market/read-trade.ts";
import { describePublisher } from "../report/human.ts";
import { type Terminal, printable, table } from "../terminal.ts";
import { type People, contributorLines, peopleDocument } from "./show-people.ts";

/** One record and all that belongs to it. */
export interface Details {
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
  /** What may be missing. */
  readonly gaps: readonly string[];
}

/** Prints it for a person. */
export function printDetails(
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

/** The same for a program. */
export function toDetailsDocument({
  registry,
  record,
  history,
  code,
  royalty,
  parents,
  metadata,
  signed,
  people,
  trade,
  gaps,
}: Details) {
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
    gaps,
    metadata,
  };
}
