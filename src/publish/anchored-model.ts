import { getAddress } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { type Deadline, startDeadline, within } from "../base/deadline.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { readClaim } from "../model/claim.ts";
import { type Anchor, readAnchor } from "../registry/batches/anchors.ts";
import type { BatchProof } from "../registry/batches/batch-files.ts";
import { findProofs, proofOfClaim } from "../registry/batches/find-proofs.ts";
import { type ListedBatch, listBatches } from "../registry/batches/list-batches.ts";
import { readModelRecord } from "../registry/model-record.ts";
import { toCaip10 } from "../registry/registry.ts";
import { keepBlocks } from "./keep-blocks.ts";
import type { ModelEntry } from "./journal/journal-schema.ts";
import type { Journal } from "./journal/journal.ts";
import { encodeMintAnchored } from "./mint.ts";
import type { MintContext } from "./mint-context.ts";
import type { PublishRequest } from "./prepare-model.ts";
import { digestCall } from "./sending/sending.ts";
import { inspectLog, isAlive } from "./settle.ts";
import { callOf, toSender } from "./transact.ts";

const LIST_MS = 20_000;
const OWN_MS = 20_000;
// Of all models together: what others anchored changes nothing but a warning.
const OTHERS_MS = 5_000;
const MAX_REQUESTS = 500;

/** A batch that holds a model. */
interface Holding {
  readonly batch: Anchor;
  readonly proof: BatchProof;
}

/** Looks for the batch of the signer that a model's token is minted from; undefined: it is minted as any other. */
export type SearchAnchored = (
  model: HashedModel,
  request: PublishRequest,
  journal: Journal<ModelEntry>,
) => Promise<BatchProof | undefined>;

/**
 * Begins to look for models in anchored batches, and says what it finds: by the proof in a model's claim, and by asking the
 * batches for it. Batches of the signer are asked first; those of others for a while, for they only give a warning.
 *
 * The search throws a {@link ProvenanceError}: `TRANSACTION_REFUSED` if all batches of the signer that hold the model are revoked,
 * `CHAIN_UNREACHABLE`.
 */
export function searchAnchored(context: MintContext): SearchAnchored {
  const { registry, warn } = context;
  const ask = startAsking(context);
  return async (model, { hfCache = false }, journal) => {
    if (journal.entry.batch !== undefined) return undefined; // Sent by an earlier run, among others.
    const creator = await context.signer.getAddress();
    const id = BigInt(model.modelDigest);
    const record = await readModelRecord(registry, id);
    if (record !== undefined && record.creator !== creator) return undefined;
    const claimed = await findByClaim(model, hfCache, context);
    const isClaimed = record === undefined && claimed?.batch.creator === creator && claimed.batch.status !== "revoked";
    const own = isClaimed ? [] : await ask.own(id);
    const holding = [...(claimed ? [claimed] : []), ...own].filter(({ batch }) => batch.creator === creator);
    if (record !== undefined) {
      return holding.find(
        ({ batch, proof }) =>
          batch.anchoredAt === record.mintedAt && proof.submission.metadataDigest === record.metadataDigest,
      )?.proof;
    }
    const [first] = holding.toSorted((a, b) => a.batch.anchoredAt - b.batch.anchoredAt);
    if (first === undefined) {
      const other = claimed ?? (await ask.others(id))[0];
      if (other !== undefined) warn(describeOther(model, other));
      return undefined;
    }
    const live = holding.filter(({ batch }) => batch.status !== "revoked");
    const [chosen] = live.toSorted((a, b) => a.batch.anchoredAt - b.batch.anchoredAt);
    if (chosen === undefined) throw revoked(model, first);
    if (await isUnderWayOtherwise(chosen, journal, context)) return undefined;
    warn(describeOwn(model, chosen));
    return chosen.proof;
  };
}

/** By the proof in the model's claim, as far as this registry has its batch. */
async function findByClaim(
  { path, kind, modelDigest }: HashedModel,
  hfCache: boolean,
  { registry }: MintContext,
): Promise<Holding | undefined> {
  const claim = await readClaim(path, kind, { hfCache });
  const proof = claim && proofOfClaim(claim, [BigInt(modelDigest)]);
  if (!claim?.batch || !proof || proof.registry.toLowerCase() !== toCaip10(registry).toLowerCase()) return undefined;
  const batch = await readAnchor(registry, proof.root, getAddress(claim.batch.creator.toLowerCase()));
  return batch && { batch, proof };
}

/** Asks batches, each list of which is read once. One that could not be asked is not asked for further models. */
function startAsking({ registry, signer, reading, store, warn }: MintContext) {
  const source = keepBlocks(reading ?? store);
  let listed: Promise<{ own: ListedBatch[]; others: ListedBatch[] }> | undefined;
  let othersUntil: Deadline | undefined;
  const list = async (creator?: string) =>
    within(startDeadline(LIST_MS), async () =>
      listBatches(registry, { maxRequests: MAX_REQUESTS, ...(creator !== undefined && { creator }) }),
    );
  const listAll = async () => {
    const creator = await signer.getAddress();
    const own = await list(creator).catch((error: unknown) => {
      if (!(error instanceof ProvenanceError)) throw error;
      warn(`Whether a model is in an anchored batch of ${creator} could not be asked. ${error.message}`);
      return [];
    });
    const all = await list().catch((error: unknown) => {
      if (!(error instanceof ProvenanceError)) throw error;
      return [];
    });
    return { own, others: all.filter((batch) => batch.creator !== creator) };
  };
  const ask = async (batches: ListedBatch[], id: bigint, deadline: Deadline, onUnasked: (why: string) => void) => {
    const asked = await findProofs(batches, [id], source, deadline);
    return asked.flatMap(({ batch, answer }): Holding[] => {
      if (typeof answer !== "string") return answer.map((proof) => ({ batch, proof }));
      batches.splice(batches.indexOf(batch), 1);
      onUnasked(answer);
      return [];
    });
  };
  return {
    own: async (id: bigint) => {
      const { own } = await (listed ??= listAll());
      const onUnasked = (why: string) => warn(`${why} A model of it that is minted now has the time of now.`);
      return ask(own, id, startDeadline(OWN_MS), onUnasked);
    },
    others: async (id: bigint) => {
      const { others } = await (listed ??= listAll());
      return ask(others, id, (othersUntil ??= startDeadline(OTHERS_MS)), () => undefined);
    },
  };
}

/** Tells whether an earlier run sent another call for the model that may still be mined: it is gone on with then. */
async function isUnderWayOtherwise(
  { proof }: Holding,
  log: Journal<ModelEntry>,
  context: MintContext,
): Promise<boolean> {
  const { registry } = context;
  const to = context.to ?? (await context.signer.getAddress());
  const call = callOf(registry, encodeMintAnchored(registry, to, proof));
  const state = await inspectLog({ sender: toSender(registry, context), call, log });
  return isAlive(state) && "attempt" in state && state.attempt.call !== digestCall(call.data);
}

function describeBatch({ batch: { root, creator, anchoredAt } }: Holding): string {
  return `recorded in batch ${root} of ${creator} on ${new Date(anchoredAt * 1000).toISOString()}`;
}

function describeOwn({ path }: HashedModel, holding: Holding): string {
  const status = holding.batch.status === "active" ? "" : ` The batch is ${holding.batch.status}, and so is the token.`;
  return (
    `${path} is ${describeBatch(holding)}. Its token is minted from that batch, with its time and its metadata: ` +
    `what this run states besides is not recorded.${status}`
  );
}

function describeOther({ path }: HashedModel, holding: Holding): string {
  const status = holding.batch.status === "active" ? "" : ` That batch is ${holding.batch.status}.`;
  return `${path} is ${describeBatch(holding)}, by another account: that record is older than the token minted now.${status}`;
}

function revoked({ path }: HashedModel, holding: Holding): ProvenanceError {
  const { root, statement } = holding.batch;
  const why = statement === undefined ? "" : ` by ${statement.account}: ${JSON.stringify(statement.reason)}`;
  const text =
    `${path} is ${describeBatch(holding)}, and that batch is revoked${why}. That is final: ` +
    `its models have no token of this account. [ModelProvenanceRevokedAnchor(${root})]`;
  return new ProvenanceError("TRANSACTION_REFUSED", text);
}
