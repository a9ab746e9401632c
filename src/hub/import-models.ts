import { assertMinter } from "../publish/mint.ts";
import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { type KnownModels, openKnownModels } from "./known-models.ts";
import type { RegistrationKey } from "./read-registrations.ts";
import { type ReadModel, createModelReader } from "./read-model.ts";
import { recordModels } from "./record-models.ts";
import type {
  AskedModel,
  FailedModel,
  ImportContext,
  ImportOutcome,
  ImportRequest,
  ImportSummary,
} from "./import-request.ts";
import { type RecordedGroup, type WaitingModel, placeOf } from "./recording.ts";
import { selectModels } from "./select-models.ts";
import { loadHubClient } from "./hub.ts";
import { mapInOrder } from "../base/concurrency.ts";

/** Models of one batch, unless it is said how many. */
export const DEFAULT_BATCH_SIZE = 5000;
const DEFAULT_CONCURRENCY = 8;
/** After so many in a row that could not be reached the Hub is not asked any more. */
const MAX_UNREACHABLE = 20;
/** Without these nothing can go on: they are no fault of one model. */
const FATAL = new Set<ProvenanceErrorCode>([
  "HUB_TOKEN_INVALID",
  "HUB_RATE_LIMITED",
  "QUEUE_UNREACHABLE",
  "CHAIN_UNREACHABLE",
  "STORE_FAILED",
  "REGISTRY_NOT_FOUND",
  "SIGNER_MISMATCH",
]);

/**
 * Reads models of the Hub and records them: one as a token, several in batches. One bad model never stops the others;
 * what was done is written down as it happens, so that a run that was interrupted goes on where it was. What the registry
 * holds already is left alone.
 *
 * @throws {ProvenanceError} as {@link selectModels} and {@link recordModels}, and for what is no fault of one model
 */
export async function importModels(request: ImportRequest, context: ImportContext): Promise<ImportSummary> {
  const { hub, state, queue, warn, onModel } = context;
  const { batchSize = DEFAULT_BATCH_SIZE } = request;
  // What workers read at a time is theirs to say.
  const concurrency = queue?.atOnce ?? request.concurrency ?? DEFAULT_CONCURRENCY;
  if (queue !== undefined && request.download !== undefined) {
    const text = "Models are downloaded by the machine that keeps them: --download goes with no --queue.";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  await loadHubClient(); // where it is not there, nothing is begun
  const recorder = await openRecorder(context);
  const recorded: RecordedGroup[] = [...(await recorder.finish())];
  const read = createModelReader(request, { ...context, ...(recorder.known && { known: recorder.known }) });
  const seen = new Map<Hex, string>();
  const waiting: WaitingModel[] = [];
  const same: AskedModel[] = [];
  const models: Hex[] = [];
  let [selected, unreachable] = [0, 0];
  const record = async () => {
    recorded.push(...(await recorder.record(waiting.splice(0).toSorted(byToken))));
    for (const asked of same.splice(0)) await recorder.noteKnown(asked);
  };
  const selection = selectModels(hub, request.selection);
  for await (const outcome of mapInOrder(selection, concurrency, async (model) => attempt(read, model))) {
    const placed = place(outcome, seen, recorder.known);
    selected++;
    unreachable = placed.status === "failed" && placed.code === "HUB_UNREACHABLE" ? unreachable + 1 : 0;
    await onModel?.(placed);
    if (placed.status !== "failed" && placed.status !== "same") models.push(placed.model.modelDigest);
    if (placed.status === "failed" && unreachable === MAX_UNREACHABLE) throw toError(placed);
    if (placed.status === "waiting" && placed.model.staged !== undefined) {
      const { modelDigest, staged } = placed.model;
      waiting.push({ modelDigest, metadataDigest: staged.metadataDigest, reference: placed.reference });
    }
    if (placed.status === "known") await recorder.noteKnown(placed);
    if (placed.status === "same") same.push(placed);
    if (waiting.length >= batchSize) await record();
  }
  await record();
  await state.sync();
  if (selected === 0) warn("The Hub lists no model that was asked for.");
  return { selected, recorded, registrations: recorder.locate(models) };
}

/** By token id: whoever read the models, and in whatever order, the same ones make the same batch, byte for byte. */
function byToken(a: WaitingModel, b: WaitingModel): number {
  return a.modelDigest < b.modelDigest ? -1 : 1;
}

/** What records, and knows what is recorded; where nothing is to be recorded it does nothing. */
async function openRecorder({ recording, state, warn }: ImportContext) {
  const nothing = async (_?: unknown): Promise<RecordedGroup[]> => Promise.resolve([]);
  if (recording === undefined) {
    return { known: undefined, finish: nothing, record: nothing, noteKnown: nothing, locate: () => [] };
  }
  const { registry, store, reading = store } = recording;
  const place = await placeOf(recording);
  await assertMinter(registry, place.creator); // before thousands of models are read
  const known = await openKnownModels(registry, place.creator, state, reading, warn);
  const record = async (models: readonly WaitingModel[]): Promise<RecordedGroup[]> => {
    if (models.length === 0) return [];
    const group = await recordModels(models, { ...recording, state, warn });
    const digests = models.map(({ modelDigest }) => modelDigest);
    known.add(digests, group.root === undefined ? { type: "token" } : { type: "batch", root: group.root });
    return [group];
  };
  return {
    known,
    record,
    locate: (digests: readonly Hex[]): RegistrationKey[] =>
      digests.flatMap((modelDigest): RegistrationKey[] => {
        const as = known.recall(modelDigest);
        if (as === undefined) return [];
        return as.type === "token" ? [{ ...as, modelDigest }] : [{ ...as, modelDigest, creator: place.creator }];
      }),
    /** Batches that an interrupted run left. */
    finish: async () => {
      const groups: RecordedGroup[] = [];
      for (const { members } of known.unfinished) groups.push(...(await record(members)));
      return groups;
    },
    /** What the registry holds already is watched as well. */
    noteKnown: async ({ model, reference }: AskedModel) => {
      const { repository, revision, modelDigest, weightsDigest, license } = model;
      const asked = { repository, ...(reference !== undefined && { reference }), revision };
      const what = { ...asked, modelDigest, weightsDigest, ...(license !== undefined && { license }) };
      if (!state.isRecorded({ ...place, ...what })) await state.add({ kind: "recorded", ...place, ...what });
    },
  };
}

type Attempted = (AskedModel & { readonly status: "read" | "waiting" }) | FailedModel;

async function attempt(read: ReadModel, selected: Parameters<ReadModel>[0]): Promise<Attempted> {
  try {
    const model = await read(selected);
    const { revision: reference } = selected.reference;
    return { status: model.staged === undefined ? "read" : "waiting", model, reference };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || FATAL.has(error.code)) throw error;
    return { status: "failed", repository: String(selected.reference.id), code: error.code, message: error.message };
  }
}

/** Finds out whether a model is to be recorded, now that all before it are known. */
function place(outcome: Attempted, seen: Map<Hex, string>, known: KnownModels | undefined): ImportOutcome {
  if (outcome.status === "failed") return outcome;
  const { model, reference } = outcome;
  const { modelDigest, repository } = model;
  const knownAs = known?.recall(modelDigest);
  if (knownAs !== undefined) return { status: "known", model, reference, knownAs };
  const sameAs = seen.get(modelDigest);
  if (sameAs !== undefined) return { status: "same", model, reference, sameAs };
  seen.set(modelDigest, repository);
  return outcome;
}

function toError({ code, message }: FailedModel): ProvenanceError {
  return new ProvenanceError(code, message);
}
