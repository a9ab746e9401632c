import { readAnchor } from "../registry/batches/anchors.ts";
import { assertMinter } from "../publish/mint.ts";
import { toCaip10 } from "../registry/registry.ts";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import { weightsByName } from "../model/find-weights.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { mintModel } from "../publish/mint-model.ts";
import { readPlace } from "../publish/read-place.ts";
import { sendAnchor } from "../publish/send-anchor.ts";
import { memoryState } from "../publish/journal/publisher-state.ts";
import { toIpfsUri } from "../content/cid.ts";
import type { ContentStore } from "../content/content-store.ts";
import { readHubExtension } from "./hub-extension.ts";
import type { ImportPlace, RecordedLine } from "./import-state.ts";
import { type PlannedBatch, type StreamedFolder, planBatch, readSpooled } from "./plan-batch.ts";
import { type RecordModelsContext, type RecordedGroup, type WaitingModel, placeOf } from "./recording.ts";

/**
 * Records models that wait in the spool: one as a token, several as a batch under one root, in one transaction. What is
 * on the chain already, or was sent by a run that was killed, is not sent again.
 *
 * @throws {ProvenanceError} as `mintModel`, `sendAnchor` and the spool; whatever `confirm` throws
 */
export async function recordModels(
  models: readonly WaitingModel[],
  context: RecordModelsContext,
): Promise<RecordedGroup> {
  const [only, second] = models;
  const recorded =
    only !== undefined && second === undefined ? await mintOne(only, context) : await anchorMany(models, context);
  await noteRecorded(models, context);
  return recorded;
}

async function mintOne({ modelDigest, metadataDigest }: WaitingModel, context: RecordModelsContext) {
  const { spool, publisher: state = memoryState(), registry, warn } = context;
  const { block, attachments } = await spool.get(metadataDigest);
  const metadata = readSpooled(block);
  const built = { metadata, metadataDigest, uri: toIpfsUri(block.cid), block, attachments };
  const place = await readPlace(registry);
  const release = await state.lockModel(place, modelDigest, warn);
  try {
    const journal = await state.openModel(place, modelDigest);
    const prepared = { built, model: modelOf(metadata) };
    const { transaction } = await mintModel(prepared, { ...context, state }, journal);
    return { count: 1, ...(transaction && { transactionHash: transaction.transactionHash }) };
  } finally {
    await release();
  }
}

async function anchorMany(models: readonly WaitingModel[], context: RecordModelsContext): Promise<RecordedGroup> {
  const { registry, signer, store, spool, state, publisher } = context;
  const creator = await signer.getAddress();
  const metadataDigests = models.map(({ metadataDigest }) => metadataDigest);
  const batch = await planBatch(metadataDigests, spool, registry);
  const { root, contentDigest, count, metadataBytes } = batch;
  if ((await readAnchor(registry, root, creator)) !== undefined) {
    if (!(await store.has(batch.directory.root))) await pinBatch(batch, store);
    return { count, root };
  }
  await assertMinter(registry, creator);
  const { warn, onSent, sending } = context;
  const sender = { signer, warn, onSent, ...(sending && { sending }), ...(publisher && { state: publisher }) };
  const mined = await sendAnchor(registry, batch, sender, state.sentLog(root), async (cost) => {
    await context.confirm({ ...cost, from: creator, count, models: [], root, metadataBytes });
    const members = [...models];
    await state.add({ kind: "batch", registry: toCaip10(registry), creator, root, contentDigest, members });
    await state.sync();
    await pinBatch(batch, store);
  });
  return { count, root, ...(mined && { transactionHash: mined.transactionHash }) };
}

async function pinBatch({ attachments, directory }: PlannedBatch, store: ContentStore): Promise<void> {
  const pin = async ({ root, blocks }: StreamedFolder) => store.pin(root, blocks);
  if (attachments !== undefined) await pin(attachments);
  await pin(directory);
}

/** Writes down what the registry holds of which repository now: later runs compare with it. */
async function noteRecorded(models: readonly WaitingModel[], context: RecordModelsContext): Promise<void> {
  const { spool, state } = context;
  const place = await placeOf(context);
  for (const { metadataDigest, reference } of models) {
    const line = toRecordedLine(readSpooled((await spool.get(metadataDigest)).block), place, reference);
    if (line !== undefined) await state.add(line);
  }
  await state.sync();
}

/** What is known of a repository once its model is recorded; undefined for metadata of no model of the Hub. */
export function toRecordedLine(metadata: Metadata, place: ImportPlace, reference?: string): RecordedLine | undefined {
  const hub = readHubExtension(metadata);
  if (hub === undefined) return undefined;
  const { modelDigest, weightsDigest, license } = metadata.provenance;
  return {
    kind: "recorded",
    ...place,
    repository: hub.repository,
    ...(reference !== undefined && { reference }),
    revision: hub.revision,
    modelDigest: modelDigest as Hex,
    weightsDigest: (weightsDigest ?? ZERO_DIGEST) as Hex,
    ...(license !== undefined && { license }),
  };
}

/** The files are on the Hub: what is known of them is what the metadata say. */
function modelOf({ provenance }: Metadata): HashedModel {
  const { manifest, modelDigest, manifestRoot, weightsDigest } = provenance;
  const resources = manifest.resources ?? [];
  return {
    kind: "folder",
    path: modelDigest,
    resources,
    weights: weightsByName(resources.map(({ name }) => name)),
    excluded: [],
    ignorePaths: [],
    warnings: [],
    pointers: [],
    cached: 0,
    modelDigest: modelDigest as Hex,
    manifestRoot: manifestRoot as Hex,
    weightsDigest: (weightsDigest ?? ZERO_DIGEST) as Hex,
  };
}
