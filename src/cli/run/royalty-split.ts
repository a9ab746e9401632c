import { findDeployedFactory } from "../../registry/deployments.ts";
import { findPayees, toShares } from "../../registry/contributors.ts";
import { readModelRecord } from "../../registry/model-record.ts";
import { readMetadata } from "../../metadata/read-metadata.ts";
import type { NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import { openReading } from "../open-gateways.ts";
import { openPublishers } from "../open-publishers.ts";
import { openLocalStore } from "../open-stores.ts";
import { type Share, predictSplitter } from "../../registry/splitter.ts";
import { createSplitter } from "../../publish/split-royalties.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { ZERO_DIGEST, toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import {
  type ChangeOptions,
  type ChangeOutcome,
  type ChangeSession,
  type RegistryChange,
  describeOutcome,
  openChange,
  performChange,
  printDocument,
  reportChange,
} from "../change-registry.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { parseAddress } from "../../base/address.ts";
import { readRate, tokenChange } from "./royalty.ts";

type SplitOptions = ChangeOptions &
  OptionValues<
    | "tokenId"
    | "payees"
    | "splitterFactory"
    | "splitterSalt"
    | "fromContributors"
    | "storePath"
    | (typeof READING_OPTIONS)[number]
    | (typeof NAMING_OPTIONS)[number]
  >;

const MAX_PAYEES = 100;
const MAX_WEIGHT = 2n ** 32n - 1n;

/** A step of a split: what it was, and what became of it. */
interface Step {
  readonly change: RegistryChange;
  readonly outcome: ChangeOutcome;
}

/** Makes a splitter, and where a token is named the receiver of its royalty, at the rate that it has. */
export async function runRoyaltySplit(
  options: SplitOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const given = options.fromContributors ? undefined : readPayees(required(options, "payees"));
  if (options.fromContributors && options.payees !== undefined) throw twoSources();
  const session = await openChange(options, connection, terminal);
  const shares = given ?? (await readContributorShares(options, session, terminal));
  const { registry } = session;
  const { provider } = registry;
  const salt = options.splitterSalt ?? ZERO_DIGEST;
  const factory =
    options.splitterFactory ?? (await findDeployedFactory(connection.deploymentsFolder, connection.chainId));
  const splitter = await predictSplitter(provider, factory, shares, salt);
  // The second step is checked before the first is paid for.
  const second = options.tokenId === undefined ? undefined : await receiverChange(session, options.tokenId, splitter);
  const first: RegistryChange = {
    verb: "royalty split",
    consequences: describeSplitter(splitter, shares, second !== undefined),
    question: "Make the splitter?",
    done: `the splitter is at ${splitter}`,
    changed: { splitter, factory, shares: shares.map(({ payee, share }) => ({ payee, share: Number(share) })) },
    send: async (context) => (await createSplitter(provider, factory, shares, context, salt)).transaction,
  };
  const steps: Step[] = [{ change: first, outcome: await performChange(session, first) }];
  if (second !== undefined) steps.push({ change: second, outcome: await performChange(session, second) });
  return report(session, steps);
}

async function receiverChange(session: ChangeSession, token: string, splitter: string): Promise<RegistryChange> {
  const tokenId = await resolveTokenId(token);
  const before = await readRate(session.registry, tokenId);
  if (before.basisPoints === 0) {
    const text = `The token ${toHex32(tokenId)} has no royalty, and none can be given to it: there is nothing to divide.`;
    throw new ProvenanceError("TRANSACTION_REFUSED", text);
  }
  const change = await tokenChange(session, tokenId, before, { ...before, receiver: splitter });
  // Run again: the token is paid there already.
  return before.receiver === splitter ? { ...change, send: async () => Promise.resolve(undefined) } : change;
}

function report(session: ChangeSession, steps: readonly Step[]): ExitCode {
  if (session.options.format !== "json") {
    for (const { change, outcome } of steps) reportChange(session, change, outcome);
    return EXIT.done;
  }
  const existing = steps.every(({ outcome }) => outcome.plan === undefined);
  const described = steps.map(({ change: { verb, consequences, changed }, outcome }) => ({
    verb,
    existing: outcome.plan === undefined,
    consequences,
    changed,
    ...describeOutcome(session, outcome),
  }));
  printDocument(session, "royalty split", { existing, ...steps[0]?.change.changed, steps: described });
  return EXIT.done;
}

function describeSplitter(splitter: string, shares: readonly Share[], isForToken: boolean) {
  const total = shares.reduce((sum, { share }) => sum + share, 0n);
  const parts = shares.map(({ payee, share }) => `${payee} gets ${share} of ${total}`).join(", ");
  return {
    changes: `a contract at ${splitter} divides what is paid to it: ${parts}`,
    affects: isForToken
      ? "nobody yet; the next step makes it the receiver of the token's royalty"
      : "nobody, until it is the receiver of a royalty: royalty set TOKEN --royalty-receiver",
    undo: "its payees and weights never change; a royalty can be sent elsewhere instead",
  };
}

/** Reads 0x…=70; each payee once. */
function readPayees(payees: readonly string[]): Share[] {
  const shares = payees.map((text) => {
    const [, account = "", weight = "0"] = /^(0x[0-9a-fA-F]{40})=([1-9]\d{0,9})$/.exec(text.trim()) ?? [];
    const payee = parseAddress(account);
    const share = BigInt(weight);
    if (payee === undefined || share === 0n || share > MAX_WEIGHT) {
      throw invalid(`takes an account and its weight, 0x…=70, got ${JSON.stringify(text)}`);
    }
    return { payee, share };
  });
  if (shares.length === 0 || shares.length > MAX_PAYEES) throw invalid(`takes 1 to ${MAX_PAYEES} payees`);
  if (new Set(shares.map(({ payee }) => payee)).size < shares.length) throw invalid("names a payee twice");
  return shares;
}

/** Takes payees and weights from what the metadata of the token says of its contributors. */
async function readContributorShares(
  options: SplitOptions,
  { registry }: ChangeSession,
  terminal: Terminal,
): Promise<Share[]> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const record = await readModelRecord(registry, tokenId);
  if (record === undefined) throw new ProvenanceError("TOKEN_UNKNOWN", `There is no token ${toHex32(tokenId)}.`);
  const store = openReading(options, registry.chainId, openLocalStore(options), terminal);
  const { contributors } = (await readMetadata(record.metadataDigest, store)).provenance;
  if (contributors === undefined) {
    const text = `The metadata of ${toHex32(tokenId)} name no contributors. Name the payees: ROYALTY_PAYEES.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  const { fetchDid } = await openPublishers(options, { store });
  const payees = await findPayees(contributors, registry.chainId, fetchDid);
  const open = payees.find(({ payee, share }) => payee === undefined && share > 0);
  if (open === undefined) return toShares(payees);
  const text = `The account of a contributor is not known: ${open.why}. Name the payees: ROYALTY_PAYEES.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}

function twoSources(): ProvenanceError {
  const text = "ROYALTY_PAYEES and FROM_CONTRIBUTORS both name the payees. Give one of them.";
  return new ProvenanceError("OPTION_INVALID", text);
}

function invalid(fault: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", `ROYALTY_PAYEES ${fault}.`);
}
