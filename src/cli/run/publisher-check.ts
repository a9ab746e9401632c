import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { visibleName } from "../../base/visible-name.ts";
import { type DidWeb, parseDidWeb } from "../../metadata/did-web.ts";
import { accountMethod } from "../../metadata/did-draft.ts";
import { readMetadata } from "../../metadata/read-metadata.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { readModelRecord } from "../../registry/model-record.ts";
import {
  type CandidateAccount,
  type CheckedAccount,
  type CheckedPublisher,
  type Direction,
  checkDirections,
} from "../../registry/publishers/check-directions.ts";
import type { PublisherSources } from "../../registry/publishers/publisher-sources.ts";
import { toCaip10 } from "../../registry/registry.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { openPublishers } from "../open-publishers.ts";
import { openLocalStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { readAccounts } from "../publisher-accounts.ts";
import { type Terminal, printable, table } from "../terminal.ts";
import { type OpenedSources, openSources } from "../verify/with-registries.ts";

const VERDICTS = {
  yes: { headline: "BOTH DIRECTIONS HOLD", exitCode: EXIT.done },
  no: { headline: "DOES NOT HOLD", exitCode: EXIT.failed },
  former: { headline: "HOLDS NO MORE", exitCode: EXIT.failed },
  unknown: { headline: "COULD NOT CHECK", exitCode: EXIT.unchecked },
} as const;

/**
 * Checks both directions between a did:web and accounts, and says what to put where. The chain is asked only for a token that
 * is named.
 */
export async function runPublisherCheck(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  const did = parseDidWeb(required(options, "publisher")) as DidWeb;
  const sources = options.tokenId === undefined ? undefined : await openSources(options, connect, terminal);
  const publishers = sources?.publishers ?? (await openPublishers(options, { store: openLocalStore(options) }));
  const candidates = joinCandidates([
    ...(sources === undefined ? [] : await candidatesOfToken(did, options, sources)),
    ...candidatesOfStatements(did, publishers, sources),
    ...readAccounts(options),
  ]);
  const checked = await checkDirections(did, candidates, publishers.fetchDid);
  const { exitCode } = VERDICTS[checked.holds];
  if (options.format === "json") printJson(terminal, toDocument(did, checked, exitCode));
  else print(did, checked, terminal);
  return exitCode;
}

/** The creator of a token, and what its metadata say. */
async function candidatesOfToken(
  { did }: DidWeb,
  options: Options,
  { registry: registries, store }: OpenedSources,
): Promise<CandidateAccount[]> {
  const tokenId = await resolveTokenId(required(options, "tokenId"), { hfCache: options.hfCache ?? false });
  for (const registry of registries) {
    const record = await readModelRecord(registry, tokenId);
    if (record === undefined) continue;
    const { publisher } = (await readMetadata(record.metadataDigest, store)).provenance;
    const { chainId, address, provider } = registry;
    const where = `the metadata of token ${toHex32(tokenId)}`;
    const candidate = { account: record.creator, chainId };
    if (publisher?.did !== did) return [candidate];
    return [{ ...candidate, said: { where, signature: publisher.signature, registry: address, provider } }];
  }
  throw new ProvenanceError(
    "TOKEN_UNKNOWN",
    `There is no token ${toHex32(tokenId)} in the registries that were asked.`,
  );
}

function candidatesOfStatements(
  { did }: DidWeb,
  { statements = [] }: PublisherSources,
  sources: OpenedSources | undefined,
): CandidateAccount[] {
  return statements
    .filter((statement) => statement.did === did)
    .map(({ account, registry, signature }) => {
      const [, chainId, address] = registry.split(":") as [string, string, string];
      const known = sources?.registry.find((one) => toCaip10(one).toLowerCase() === registry.toLowerCase());
      const said = { where: "a statement", signature, registry: address, provider: known?.provider };
      return { account, chainId: BigInt(chainId), said };
    });
}

/** Each account once; what says something of it goes before what only names it. */
function joinCandidates(candidates: readonly CandidateAccount[]): CandidateAccount[] {
  const joined = new Map<string, CandidateAccount>();
  for (const one of candidates) {
    const key = `${one.chainId}:${one.account}`;
    const before = joined.get(key);
    if (before === undefined || (before.said === undefined && one.said !== undefined)) joined.set(key, one);
  }
  return [...joined.values()];
}

function print(did: DidWeb, checked: CheckedPublisher, terminal: Terminal): void {
  const { headline, exitCode } = VERDICTS[checked.holds];
  const line = `${headline}: ${did.did} ${describeWhy(checked)} (exit ${exitCode})`;
  terminal.print(terminal.mark?.(checked.holds === "yes", line) ?? line);
  terminal.print("");
  const fetched =
    checked.fetchedAt === undefined
      ? `not read: ${visibleName(checked.problem ?? "")}`
      : `read ${new Date(checked.fetchedAt * 1000).toISOString()}`;
  terminal.print(table([["document", `${did.url}, ${fetched}`], ...checked.accounts.flatMap(rowsOf)]));
  const advice = adviseOn(did, checked);
  if (advice.length > 0) terminal.print(["", ...advice].map(printable).join("\n"));
}

function describeWhy({ holds, accounts }: CheckedPublisher): string {
  const many = accounts.length === 1 ? "the account" : `all ${accounts.length} accounts`;
  if (holds === "yes") return `lists ${many}, and the account${accounts.length === 1 ? " says" : "s say"} so`;
  if (accounts.length === 0) return "and no account";
  return `and ${accounts.length === 1 ? "the account" : `one of ${accounts.length} accounts`}`;
}

function rowsOf({ account, chainId, listed, signed }: CheckedAccount): string[][] {
  return [
    ["account", `eip155:${chainId}:${account}`],
    ["  listed", describeDirection(listed)],
    ["  signed", describeDirection(signed)],
  ];
}

function describeDirection({ holds, why }: Direction): string {
  const word = { yes: "yes", no: "NO", former: "NOT ANY MORE", unknown: "not known" }[holds];
  return why === undefined ? word : `${word} (${visibleName(why)})`;
}

/** What to put into which file, and what to sign, so that both directions hold. */
function adviseOn({ did, url }: DidWeb, { accounts }: CheckedPublisher): string[] {
  const unlisted = accounts.filter(({ listed }) => listed.holds !== "yes");
  const unsigned = accounts.filter(({ signed }) => signed.holds !== "yes");
  const names = unlisted.map(({ account, chainId }) => `eip155:${chainId}:${account}`).join(",");
  const methods = unlisted.map((one) => JSON.stringify(accountMethod(did, one)));
  return [
    ...(accounts.length === 0 ? [`Name an account (--accounts) or a token (--token) of ${did}.`] : []),
    ...(unlisted.length === 0
      ? []
      : [
          `In ${url}, verificationMethod must have:`,
          ...methods.map((method) => `  ${method}`),
          `The whole file: model-provenance publisher document ${did} --accounts ${names}`,
        ]),
    ...(unsigned.length === 0
      ? []
      : [
          `The account must say so: publish with --publisher ${did}, or for models that are recorded already:`,
          `  model-provenance publisher sign ${did} --out publisher.json`,
        ]),
  ];
}

function toDocument(did: DidWeb, { holds, fetchedAt, problem, accounts }: CheckedPublisher, exitCode: ExitCode) {
  const missing = accounts.filter(({ listed }) => listed.holds !== "yes");
  return {
    schemaVersion: "1.0",
    did: did.did,
    url: did.url,
    holds,
    exitCode,
    fetchedAt,
    problem,
    accounts: accounts.map(({ account, chainId, listed, signed }) => ({
      account: `eip155:${chainId}:${account}`,
      listed,
      signed,
    })),
    verificationMethods: missing.map((one) => accountMethod(did.did, one)),
  };
}
