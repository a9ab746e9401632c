import type { Signer } from "ethers";
import { readAnchor, sendAnchor } from "../chain/anchors.ts";
import { assertMinter } from "../chain/mint.ts";
import { type Registry, toCaip10 } from "../chain/registry.ts";
import type { TransactionPlan } from "../chain/transaction.ts";
import { ProvenanceError } from "../errors.ts";
import { type Hex, ZERO_DIGEST } from "../hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { mintModel } from "../publish/mint-model.ts";
import { toIpfsUri } from "../store/cid.ts";
import type { BlockSource, ContentStore } from "../store/content-store.ts";
import { readHubExtension } from "./hub-extension.ts";
import type { ImportPlace, ImportState, RecordedLine } from "./import-state.ts";
import { type PlannedBatch, type StreamedFolder, planBatch, readSpooled } from "./plan-batch.ts";
import type { Spool } from "./spool.ts";

/** What is about to be recorded: shown before anything leaves the machine. */
export interface RecordingPlan extends Pick<
  TransactionPlan,
  "from" | "gas" | "maxFeePerGas" | "worstCost" | "balance"
> {
  /** Of how many models. */
  readonly count: number;
  /** The root of a batch; undefined for a single model, which becomes a token. */
  readonly root?: Hex;
}

/** Where and by whom models are recorded. */
export interface RecordModelsContext {
  readonly registry: Registry;
  readonly signer: Signer;
  readonly store: ContentStore;
  /** Where what was pinned elsewhere is read; the store itself when it is left out. */
  readonly reading?: BlockSource;
  readonly spool: Spool;
  readonly state: ImportState;
  /** Called before anything is pinned or sent; it throws to stop. */
  readonly confirm: (plan: RecordingPlan) => Promise<void>;
  readonly onSent: (transactionHash: string) => void;
  readonly warn: (text: string) => void;
}

/** Models that are on the chain now. */
export interface RecordedGroup {
  readonly count: number;
  /** The root of their batch; undefined where they are tokens. */
  readonly root?: Hex;
  /** Undefined where they were recorded before. */
  readonly transactionHash?: string;
}

/** A model that waits in the spool. */
export interface WaitingModel {
  readonly modelDigest: Hex;
  readonly metadataDigest: Hex;
}

const MINING_TIMEOUT_MILLISECONDS = 10 * 60 * 1000;

/**
 * Records models that wait in the spool: one as a token, several as a batch under one root, in one transaction. What is
 * on the chain already is not sent again.
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

async function mintOne({ metadataDigest }: WaitingModel, context: RecordModelsContext): Promise<RecordedGroup> {
  const { registry, signer, store, reading = store, spool, confirm, onSent, warn } = context;
  const { block, attachments } = await spool.get(metadataDigest);
  const metadata = readSpooled(block);
  const built = { metadata, metadataDigest, uri: toIpfsUri(block.cid), block, attachments };
  const { transaction } = await mintModel(
    { built, model: modelOf(metadata) },
    { registry, signer, store, reading, onSent, warn, confirm: async (plan) => confirm({ ...plan, count: 1 }) },
  );
  return { count: 1, ...(transaction && { transactionHash: transaction.transactionHash }) };
}

async function anchorMany(models: readonly WaitingModel[], context: RecordModelsContext): Promise<RecordedGroup> {
  const { registry, signer, store, spool, state, onSent } = context;
  const creator = await signer.getAddress();
  const metadataDigests = models.map(({ metadataDigest }) => metadataDigest);
  const batch = await planBatch(metadataDigests, spool, registry);
  const { root, contentDigest, count } = batch;
  await awaitEarlier(root, context);
  if ((await readAnchor(registry, root, creator)) !== undefined) {
    if (!(await store.has(batch.directory.root))) await pinBatch(batch, store);
    return { count, root };
  }
  await assertMinter(registry, creator);
  const { transactionHash } = await sendAnchor(
    registry,
    { root, contentDigest, count },
    {
      signer,
      confirm: async (plan) => {
        await context.confirm({ ...plan, count, root });
        const members = models.map(({ modelDigest, metadataDigest }) => ({ modelDigest, metadataDigest }));
        await state.add({ kind: "batch", registry: toCaip10(registry), creator, root, contentDigest, members });
        await state.sync();
        await pinBatch(batch, store);
      },
      onSent: (hash) => {
        void state.add({ kind: "sent", root, transactionHash: hash as Hex });
        onSent(hash);
      },
    },
  );
  return { count, root, transactionHash };
}

/** A run that was killed may have sent the batch: what the node still has is waited for, never sent twice. */
async function awaitEarlier(root: Hex, { registry, state }: RecordModelsContext): Promise<void> {
  const hash = state.sentWith(root);
  if (hash === undefined) return;
  const sent = await registry.provider.getTransaction(hash).catch(() => null);
  if (sent === null) return;
  await sent.wait(1, MINING_TIMEOUT_MILLISECONDS).catch((cause: unknown) => {
    const text = `The transaction ${hash} of an earlier run is still not in a block. Run again later.`;
    throw new ProvenanceError("CHAIN_UNREACHABLE", text, { cause });
  });
}

async function pinBatch({ attachments, directory }: PlannedBatch, store: ContentStore): Promise<void> {
  const pin = async ({ root, blocks }: StreamedFolder) => store.pin(root, blocks);
  if (attachments !== undefined) await pin(attachments);
  await pin(directory);
}

/** Writes down what the registry holds of which repository now: later runs compare with it. */
async function noteRecorded(models: readonly WaitingModel[], context: RecordModelsContext): Promise<void> {
  const { registry, signer, spool, state } = context;
  const place = { registry: toCaip10(registry), creator: await signer.getAddress() };
  for (const { metadataDigest } of models) {
    const line = toRecordedLine(readSpooled((await spool.get(metadataDigest)).block), place);
    if (line !== undefined) await state.add(line);
  }
  await state.sync();
}

/** What is known of a repository once its model is recorded; undefined for metadata of no model of the Hub. */
export function toRecordedLine(metadata: Metadata, place: ImportPlace): RecordedLine | undefined {
  const hub = readHubExtension(metadata);
  if (hub === undefined) return undefined;
  const { modelDigest, weightsDigest, license } = metadata.provenance;
  return {
    kind: "recorded",
    ...place,
    repository: hub.repository,
    revision: hub.revision,
    modelDigest: modelDigest as Hex,
    weightsDigest: (weightsDigest ?? ZERO_DIGEST) as Hex,
    ...(license !== undefined && { license }),
  };
}

/** The files are on the Hub: what is known of them is what the metadata say. */
function modelOf({ provenance }: Metadata): HashedModel {
  const { manifest, modelDigest, manifestRoot, weightsDigest } = provenance;
  return {
    kind: "folder",
    path: modelDigest,
    resources: manifest.resources ?? [],
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
