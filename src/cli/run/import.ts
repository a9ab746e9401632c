import { replaceFileAtomically } from "../../base/atomic-write.ts";
import { toCsvLine } from "../../hub/csv.ts";
import { COLUMNS, MORE_COLUMNS } from "../../hub/columns.ts";
import type { Hub } from "../../hub/hub.ts";
import { importModels } from "../../hub/import-models.ts";
import type { ImportContext, ImportRequest, ImportSummary } from "../../hub/import-request.ts";
import { ImportState } from "../../hub/import-state.ts";
import { Spool } from "../../hub/spool.ts";
import { acquireLock } from "../../base/lock.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { type ExitCode } from "../exit-codes.ts";
import { connectHub } from "../hub-model.ts";
import { toImportRequest } from "../import-options.ts";
import { ImportTally, printImport } from "../import-report.ts";
import { type RecordingTarget, openRecording, writeRegistrations } from "../open-recording.ts";
import type { Options } from "../options.ts";
import { needsAnswer as needsAnswerTo } from "../plan.ts";
import { rehearseRecording } from "../rehearse-recording.ts";
import { withResumeHint } from "../resume.ts";
import { type Terminal, confirm } from "../terminal.ts";
import { runWatch } from "./watch.ts";

const DEFAULT_STATE = ".model-provenance/import.jsonl";
const DEFAULT_CSV = "models_metadata.csv";
const DEFAULT_CHAIN_FILE = "blockchain_data.json";

/**
 * Reads models of the Hugging Face Hub, shows and writes what was found, and records them. With `hubWatch` it says what
 * changed since instead. Models that could not be imported end with exit 4.
 *
 * @param connect - called only where something is to be recorded
 */
export async function runImport(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  const statePath = options.importState ?? DEFAULT_STATE;
  if (options.hubWatch) return runWatch(options, statePath, terminal);
  const request = await toImportRequest(options);
  const tally = new ImportTally(terminal, options.format, expectedCount(request.selection));
  const hub = await connectHub(options, tally.terminal);
  // A dry run needs no chain; where one is named, it says what recording would take.
  const isNamed = options.rpcUrl !== undefined || options.network !== undefined;
  const connection = options.dryRun && !isNamed ? undefined : await connect();
  const needsAnswer = connection !== undefined && needsAnswerTo(options, connection);
  if (needsAnswer && !terminal.interactive) await confirm(terminal, "");
  const release = await acquireLock(`${statePath}.lock`, () => terminal.note("another import is under way: waiting"));
  try {
    return await withResumeHint(options, terminal, async (begin) => {
      begin();
      return importWithState(options, statePath, { hub, request, connection, needsAnswer }, tally);
    });
  } finally {
    await release();
  }
}

interface ImportRun {
  readonly hub: Hub;
  readonly request: ImportRequest;
  /** Absent where nothing is to be recorded. */
  readonly connection: ChainConnection | undefined;
  readonly needsAnswer: boolean;
}

async function importWithState(
  options: Options,
  statePath: string,
  { hub, request, connection, needsAnswer }: ImportRun,
  tally: ImportTally,
): Promise<ExitCode> {
  const { terminal } = tally;
  const { modelsCsv: csv = DEFAULT_CSV, format } = options;
  const state = await ImportState.open(statePath);
  const spool = await Spool.open(`${statePath}.spool`);
  try {
    const isRehearsal = options.dryRun === true;
    const target =
      connection && !isRehearsal ? await openRecording(options, connection, spool, needsAnswer, terminal) : undefined;
    const context = { hub, state, ...(target && { recording: target.recording }), warn: tally.warn };
    const summary = await importTo(csv, request, context, tally);
    const chain = target && (await writeChain(options, target, summary, terminal));
    tally.end();
    if (connection && isRehearsal) await rehearseRecording(options, connection, tally.counts.read, terminal);
    return printImport(tally, summary, { csv, ...(chain && { chain }) }, target, format, terminal);
  } finally {
    tally.end();
    await state.close();
    await spool.close();
  }
}

/** Imports, and writes the table as it goes: it appears once all models are in it. */
async function importTo(
  path: string,
  request: ImportRequest,
  context: ImportContext,
  tally: ImportTally,
): Promise<ImportSummary> {
  let summary: ImportSummary | undefined;
  await replaceFileAtomically(path, async (file) => {
    await file.write(toCsvLine([...COLUMNS, ...MORE_COLUMNS]));
    summary = await importModels(request, {
      ...context,
      onModel: async (outcome) => {
        if (outcome.status !== "failed") await file.write(toCsvLine(outcome.model.cells));
        tally.add(outcome);
      },
    });
  });
  return summary as ImportSummary;
}

async function writeChain(
  { chainFile = DEFAULT_CHAIN_FILE }: Options,
  target: RecordingTarget,
  { registrations }: ImportSummary,
  terminal: Terminal,
): Promise<{ path: string; entries: number } | undefined> {
  if (registrations.length === 0) return undefined;
  return { path: chainFile, entries: await writeRegistrations(chainFile, registrations, target, terminal) };
}

function expectedCount({ models, random, limit }: ImportRequest["selection"]): number | undefined {
  return models?.length ?? random ?? limit;
}
