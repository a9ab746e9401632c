import type { Signer } from "ethers";
import { explorerLinks } from "../registry/networks.ts";
import { describeNodeHealth } from "../registry/node-health.ts";
import type { Registry } from "../registry/registry.ts";
import type { MinedTransaction } from "../publish/sending/sent-transaction.ts";
import { assertAffordable } from "../publish/sending/transaction-cost.ts";
import type { TransactionContext, TransactionPlan } from "../publish/transact.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type ChainConnection, connectRegistry, connectSigner } from "./chain-connection.ts";
import { describeProposal, writeProposal } from "./contract-account.ts";
import type { SENDING_CHAIN_OPTIONS, TRANSACTION_OPTIONS } from "./option-sets.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { openState } from "./open-state.ts";
import type { OptionValues } from "./options.ts";
import { assertWithin, describeCost, needsAnswer, planRows, toSending } from "./plan.ts";
import { type Terminal, confirm, printable, table } from "./terminal.ts";

/** What a verb that changes a registry was told beside its own options. */
export type ChangeOptions = OptionValues<
  (typeof TRANSACTION_OPTIONS | typeof SENDING_CHAIN_OPTIONS)[number] | "format"
>;

/** What a change means, in plain words. */
export interface Consequences {
  /** What will be different. */
  readonly changes: string;
  /** Who is affected, and how. */
  readonly affects: string;
  /** Whether, how and by whom it can be undone. */
  readonly undo: string;
}

/** A change that a verb is about to make. */
export interface RegistryChange {
  readonly verb: string;
  readonly consequences: Consequences;
  /** What is asked on a terminal. */
  readonly question: string;
  /** What is said when it is done. */
  readonly done: string;
  /** What changes, for a program: where it matters as it was before and as it is after. */
  readonly changed: Readonly<Record<string, unknown>>;
  /** Sends it. @returns undefined where it was done already, by somebody else in the meantime */
  readonly send: (context: TransactionContext) => Promise<MinedTransaction | undefined>;
}

/** A registry that is open for changing, and who changes it. */
export interface ChangeSession {
  readonly registry: Registry;
  readonly signer: Signer;
  /** Address of the signer. */
  readonly from: string;
  readonly options: ChangeOptions;
  readonly connection: ChainConnection;
  readonly terminal: Terminal;
}

/** What became of a change. */
export interface ChangeOutcome {
  /** What it may cost; undefined where there was nothing to send. */
  readonly plan?: TransactionPlan;
  /** Undefined in a dry run, and where it was done already. */
  readonly transaction?: MinedTransaction;
}

/**
 * Opens a registry for changing it. Where somebody has to agree and nobody can, this stops before any work.
 *
 * @throws {ProvenanceError} `CONFIRMATION_MISSING`, `SIGNER_MISSING`, and as `connectRegistry`
 */
export async function openChange(
  options: ChangeOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ChangeSession> {
  assertAnswerable(options, connection, terminal);
  const signer = await connectSigner(connection, options);
  const registry = await connectRegistry(connection, options, signer);
  const warnings = await describeNodeHealth(connection.provider, connection.chainId, Date.now());
  warnings.forEach((warning) => terminal.warn(warning));
  return { registry, signer, from: await signer.getAddress(), options, connection, terminal };
}

/** Says what a change means, asks, sends it and reports. Errors as {@link performChange}. */
export async function makeChange(session: ChangeSession, change: RegistryChange): Promise<ExitCode> {
  return reportChange(session, change, await performChange(session, change));
}

/**
 * Says what a change means and may cost, asks, and sends it; a dry run ends before that.
 *
 * @throws {ProvenanceError} `CONFIRMATION_MISSING`, `COST_TOO_HIGH`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`, and what
 *   the change throws
 */
export async function performChange(session: ChangeSession, change: RegistryChange): Promise<ChangeOutcome> {
  const { signer, options, terminal } = session;
  let plan: TransactionPlan | undefined;
  try {
    const transaction = await change.send({
      signer,
      confirm: async (told) => {
        plan = told;
        await confirmChange(session, change, told);
        if (options.dryRun) throw new DryRunEnd();
        if (options.calldataOut === undefined) return;
        const about = { account: told.from, name: change.verb };
        await writeProposal(options.calldataOut, told.call, session.connection, about);
        throw new DryRunEnd();
      },
      onSent: (hash) => terminal.note(`sent transaction ${hash}`),
      warn: (text) => terminal.warn(text),
      sending: toSending(options),
      // What sends nothing leaves nothing behind.
      ...(!sendsNothing(options) && { state: openState(options) }),
    });
    return { ...(plan && { plan }), ...(transaction && { transaction }) };
  } catch (error) {
    if (error instanceof DryRunEnd) return { ...(plan && { plan }) };
    throw error;
  }
}

/** Prints what became of a change. */
export function reportChange(session: ChangeSession, change: RegistryChange, outcome: ChangeOutcome): ExitCode {
  const { options, terminal } = session;
  const { plan, transaction } = outcome;
  if (options.format === "json") {
    const { consequences, changed } = change;
    const existing = plan === undefined && transaction === undefined;
    const facts = { existing, consequences, changed, ...describeOutcome(session, outcome) };
    printDocument(session, change.verb, facts);
    return EXIT.done;
  }
  if (options.dryRun) terminal.print(`${change.verb}: nothing was sent, as DRY_RUN says`);
  else if (plan !== undefined && transaction === undefined && options.calldataOut !== undefined)
    terminal.print(`${change.verb}: ${describeProposal(options.calldataOut)}`);
  else if (transaction === undefined) terminal.print(`${printable(change.done)}: done already, nothing was sent`);
  else {
    const { transactionHash, blockNumber, gasUsed } = transaction;
    terminal.print(`${printable(change.done)}: block ${blockNumber}, ${gasUsed} gas, transaction ${transactionHash}`);
    const link = explorerLinks.transaction(session.connection.chainId, transactionHash);
    if (link !== undefined) terminal.note(link);
  }
  return EXIT.done;
}

/** Reports that things are as they should be already, and that nothing was sent. */
export function reportUnchanged(
  session: ChangeSession,
  verb: string,
  sentence: string,
  changed: RegistryChange["changed"] = {},
): ExitCode {
  if (session.options.format === "json") printDocument(session, verb, { existing: true, reason: sentence, changed });
  else session.terminal.print(`${printable(sentence)}: nothing was sent`);
  return EXIT.done;
}

/** What a document says of transactions: sent ones, or what they would cost. */
export function describeOutcome({ options }: ChangeSession, { plan, transaction }: ChangeOutcome) {
  return {
    ...(sendsNothing(options) && plan && { cost: describeCost(plan) }),
    ...(!options.dryRun && plan && options.calldataOut !== undefined && { calldata: options.calldataOut }),
    transaction: transaction && {
      transactionHash: transaction.transactionHash,
      blockNumber: transaction.blockNumber,
      blockHash: transaction.blockHash,
      gasUsed: Number(transaction.gasUsed),
    },
  };
}

/** Prints the one document of a verb that changes a registry. */
export function printDocument({ registry, from, options, terminal }: ChangeSession, verb: string, facts: object): void {
  const place = { chainId: Number(registry.chainId), registry: registry.address, signer: from };
  const document = { schemaVersion: "1.0", verb, dryRun: options.dryRun ?? false, ...place, ...facts };
  terminal.print(JSON.stringify(document, null, 2));
}

/**
 * Stops where somebody has to agree to what will happen and nobody can be asked: without a terminal, or for JSON.
 *
 * @throws {ProvenanceError} `CONFIRMATION_MISSING`
 */
export function assertAnswerable(
  options: OptionValues<"yes" | "dryRun" | "format" | "calldataOut">,
  connection: ChainConnection,
  { interactive }: Terminal,
): void {
  if (!asksFirst(options, connection) || (interactive && options.format !== "json")) return;
  const text =
    "Nothing was sent, for nobody can be asked here. Set YES=1 (--yes) to agree beforehand, or DRY_RUN=1 (--dry-run) to see " +
    "what would happen.";
  throw new ProvenanceError("CONFIRMATION_MISSING", text);
}

/** Rows of a table that say what a change means. */
export function consequenceRows({ changes, affects, undo }: Consequences): string[][] {
  return [
    ["changes", printable(changes)],
    ["affects", printable(affects)],
    ["undo", printable(undo)],
  ];
}

async function confirmChange(session: ChangeSession, change: RegistryChange, plan: TransactionPlan): Promise<void> {
  const { connection, options, terminal } = session;
  terminal.note(table([...consequenceRows(change.consequences), ...planRows(plan, plan.call.to, connection)]));
  assertWithin(plan.worstCost, options, "This", connection.chainId);
  if (asksFirst(options, connection)) await confirm(terminal, change.question);
  if (!sendsNothing(options)) assertAffordable(plan.from, plan, connection.chainId);
}

/** Nothing leaves the machine: there is nothing to agree to. */
function sendsNothing({ dryRun, calldataOut }: OptionValues<"dryRun" | "calldataOut">): boolean {
  return dryRun === true || calldataOut !== undefined;
}

function asksFirst(options: OptionValues<"yes" | "dryRun" | "calldataOut">, connection: ChainConnection): boolean {
  return !sendsNothing(options) && needsAnswer(options, connection);
}

/** Ends a dry run where it would send or sign. */
export class DryRunEnd extends Error {}
