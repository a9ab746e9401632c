import type { Hub } from "../../hub/hub.ts";
import { importModels } from "../../hub/import-models.ts";
import type { ImportContext, ImportOutcome, ImportRequest, ImportSummary } from "../../hub/import-request.ts";
import { ImportState, type ModelLine } from "../../hub/import-state.ts";
import { checkModelsTable, extendModelsTable } from "../../hub/models-table.ts";
import { placeOf } from "../../hub/recording.ts";
import type { Seal } from "../../queue/sealer.ts";
import type { WorkQueue } from "../../hub/queue/work-queue.ts";
import { nameOfKey } from "../../hub/registration-file.ts";
import { Spool } from "../../hub/spool.ts";
import { acquireLock } from "../../base/lock.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { type ExitCode } from "../exit-codes.ts";
import { holdSeal, withSeal } from "../hold-seal.ts";
import { toImportRequest } from "../import-options.ts";
import { ImportTally, printImport } from "../import-report.ts";
import {
  type RecordingTarget,
  type WrittenRegistrations,
  openRecording,
  writeRegistrations,
} from "../open-recording.ts";
import { withQueue, runQueueStatus } from "../open-queue.ts";
import { openState } from "../open-state.ts";
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
  if (options.importStatus) return runQueueStatus(options, terminal);
  const request = await toImportRequest(options);
  const tally = new ImportTally(terminal, options.format, expectedCount(request.selection));
  return withQueue(options, tally.terminal, async (hub, queue) => {
    // A dry run needs no chain; where one is named, it says what recording would take.
    const isNamed = options.rpcUrl !== undefined || options.network !== undefined;
    const connection = options.dryRun && !isNamed ? undefined : await connect();
    const needsAnswer = connection !== undefined && needsAnswerTo(options, connection);
    if (needsAnswer && !terminal.interactive) await confirm(terminal, "");
    const release = await acquireLock(`${statePath}.lock`, () => terminal.note("another import is under way: waiting"));
    try {
      return await withResumeHint(options, terminal, async (begin) => {
        begin();
        return importWithState(options, statePath, { hub, queue, request, connection, needsAnswer }, tally);
      });
    } finally {
      await release();
    }
  });
}

/** What finds a model in the state again. */
type ImportedModel = Pick<ModelLine, "repository" | "revision" | "modelDigest">;

interface ImportRun {
  readonly hub: Hub;
  /** Absent where this process reads the models. */
  readonly queue: WorkQueue | undefined;
  readonly request: ImportRequest;
  /** Absent where nothing is to be recorded. */
  readonly connection: ChainConnection | undefined;
  readonly needsAnswer: boolean;
}

async function importWithState(
  options: Options,
  statePath: string,
  { hub, queue, request, connection, needsAnswer }: ImportRun,
  tally: ImportTally,
): Promise<ExitCode> {
  const { terminal } = tally;
  const { modelsCsv: csv = DEFAULT_CSV, format } = options;
  await checkModelsTable(csv);
  const state = await ImportState.open(statePath);
  const spool = await Spool.open(`${statePath}.spool`);
  let seal: Seal | undefined;
  try {
    const isRehearsal = options.dryRun === true;
    const target =
      connection && !isRehearsal ? await openRecording(options, connection, spool, needsAnswer, terminal) : undefined;
    if (target !== undefined) {
      const { registry } = target;
      const { creator } = await placeOf(target.recording);
      seal = await holdSeal(queue, { registry, creator, namePath: `${statePath}.name` }, options, terminal);
    }
    const context = {
      hub,
      state,
      ...(queue && { queue }),
      ...(target && { recording: { ...target.recording, publisher: withSeal(openState(options), seal) } }),
      warn: tally.warn,
    };
    const models: ImportedModel[] = [];
    const onModel = (outcome: ImportOutcome) => {
      tally.add(outcome);
      if (outcome.status === "failed") return;
      const { repository, revision, modelDigest } = outcome.model;
      models.push({ repository, revision, modelDigest });
    };
    const summary = await importModels(request, { ...context, onModel });
    const chain = target && (await writeChain(options, target, summary, terminal));
    await writeTable(csv, models, summary, context, chain?.transactions);
    tally.end();
    if (connection && isRehearsal) await rehearseRecording(options, connection, tally.counts.read, terminal);
    return printImport(tally, summary, { csv, ...(chain && { chain }) }, target, format, terminal);
  } finally {
    tally.end();
    await seal?.release();
    await state.close();
    await spool.close();
  }
}

async function writeChain(
  { chainFile = DEFAULT_CHAIN_FILE }: Options,
  target: RecordingTarget,
  { registrations }: ImportSummary,
  terminal: Terminal,
): Promise<WrittenRegistrations | undefined> {
  if (registrations.length === 0) return undefined;
  return writeRegistrations(chainFile, registrations, target, terminal);
}

/** Adds the models of a run to the table: what the state says of them, and how the registry holds them. */
async function writeTable(
  path: string,
  models: readonly ImportedModel[],
  { registrations }: ImportSummary,
  { state, recording }: ImportContext,
  transactions: WrittenRegistrations["transactions"] | undefined,
): Promise<void> {
  const keys = new Map(registrations.map((key) => [key.modelDigest, key]));
  const place = recording && (await placeOf(recording));
  const read = async (model: ImportedModel) => (await state.findModel(model, place, false))?.cells ?? [];
  const rows = models.map((model) => {
    const key = keys.get(model.modelDigest);
    const Transaction = (key && transactions?.get(nameOfKey(key))) ?? undefined;
    const as = key?.type === "batch" ? { Batch: key.root } : { Token: key?.modelDigest };
    return { repository: model.repository, cells: async () => read(model), record: { ...as, Transaction } };
  });
  await extendModelsTable(path, rows);
}

function expectedCount({ models, random, limit }: ImportRequest["selection"]): number | undefined {
  return models?.length ?? random ?? limit;
}
