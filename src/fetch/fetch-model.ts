import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import type { Registry } from "../registry/registry.ts";
import { Slots, forEachAtOnce } from "../base/concurrency.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import type { Resource } from "../model/resource.ts";
import { walkModel } from "../model/walk.ts";
import { MAX_BLOCK_BYTES, MAX_FOREIGN_BLOCK_BYTES } from "../content/cid.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type BlockReader, findUnixfsFile, readUncached, readVerified } from "../content/unixfs/read-dag.ts";
import type { VerifyReport } from "../verify/report.ts";
import { verifyFiles } from "../verify/verify-files.ts";
import { verifyModel } from "../verify/verify-model.ts";
import { fetchFile } from "./fetch-file.ts";
import { type FetchPlan, planFetch } from "./fetch-plan.ts";
import { assertRoom, isTaken, moveIntoPlace, nameTarget, openPartial, removePartial } from "./target-folder.ts";

/** Input of {@link fetchModel}. */
export interface FetchModelRequest {
  readonly tokenId: bigint;
  /** The folder that the model becomes; it does not exist, is empty, or holds the model already. */
  readonly path: string;
  /** Fetch these files alone, by their recorded names. */
  readonly only?: readonly string[];
  readonly registry: Registry;
  /** Where blocks are read from; nothing it answers is trusted. */
  readonly source: BlockSource;
  /** Who is asked who is behind the creator; nobody when left out. */
  readonly publishers?: PublisherSources;
  /** Follows the bytes of the wanted files as they come into place. */
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
  /** Follows the verification, which reads everything again. */
  readonly verifying?: { readonly onTotal?: (bytes: number) => void; readonly onBytes?: ByteProgress };
}

/** What became of a fetch. */
export interface FetchedModel {
  /** Where the files are: the folder asked for, or where what was fetched was left because it is not as recorded. */
  readonly path: string;
  /** Of the verification that ends every fetch. Anything but `verified` is not put into its place. */
  readonly report: VerifyReport;
  /** The model was there before; nothing was fetched. */
  readonly existing: boolean;
  readonly fetchedBytes: number;
  /** Found in place from an earlier run, and checked. */
  readonly keptBytes: number;
}

// Memory for pieces of 1 MiB, of foreign models 2 MiB: each is held as it arrives, and once more as a whole.
const PIECES_AT_ONCE = 8;
const FOREIGN_PIECES_AT_ONCE = 4;
const FILES_AT_ONCE = 8;

/**
 * Downloads a published model: what to fetch is known from the chain, every block is checked against its CID before it
 * is written, and the whole is verified before it is put into its place. After an interruption the same call goes on
 * from what is there.
 *
 * @throws {ProvenanceError} as `planFetch`; `TARGET_TAKEN` where another thing lies; `TARGET_FAILED` for a disk that is
 *   full or cannot be written; `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT`, `STORE_FAILED` where no source gives a block
 * @example
 * const { report } = await fetchModel({ tokenId, path: "./a-model", registry, source: new GatewaySource(gateways) });
 */
export async function fetchModel(request: FetchModelRequest): Promise<FetchedModel> {
  const plan = await planFetch(request);
  const named = nameTarget(request.path, request.tokenId, request.only && plan.wanted.map(({ name }) => name));
  if (await isTaken(named)) return acceptExisting(request, plan, named.path);
  const bytes = plan.wanted.reduce((sum, { size }) => sum + size, 0);
  const { target, bytes: there } = await openPartial(named, new Set(plan.wanted.map(({ name }) => name)));
  await assertRoom(target, bytes - there);
  request.onTotal?.(bytes);
  const counted = { fetchedBytes: 0, keptBytes: 0 };
  await fetchFiles(plan, target.partial, request, (count, how) => {
    counted[`${how}Bytes`] += count;
    request.onBytes?.(count);
  });
  const report = await verify(request, plan, target.partial);
  if (report.verdict === "verified" && (await moveIntoPlace(target))) {
    const { path } = target;
    return { path, report: { ...report, model: { ...report.model, path } }, existing: false, ...counted };
  }
  if (!(await isTaken(target))) {
    if (report.verdict === "verified") throw vanished(target.partial);
    return { path: target.partial, report, existing: false, ...counted };
  }
  // Another fetch of the same was faster, and took what was put together.
  const accepted = await acceptExisting(request, plan, target.path);
  await removePartial(target);
  return accepted;
}

async function fetchFiles(
  plan: FetchPlan,
  folder: string,
  { source }: FetchModelRequest,
  onBytes: (bytes: number, how: "fetched" | "kept") => void,
): Promise<void> {
  const { root, foreign } = plan;
  const failure = new AbortController();
  const options = { maxBytes: foreign ? MAX_FOREIGN_BLOCK_BYTES : MAX_BLOCK_BYTES, signal: failure.signal };
  const readLinks = readVerified(source, options);
  const readContent = readUncached(source, options);
  const atOnce = foreign ? FOREIGN_PIECES_AT_ONCE : PIECES_AT_ONCE;
  const slots = new Slots(atOnce);
  const inTurn = async (task: () => Promise<void>) => {
    await slots.run(task).catch((error: unknown) => {
      failure.abort(error); // the others need not go on
      throw error;
    });
  };
  const reading = { readLinks, readContent, inTurn, atOnce, foreign, onBytes };
  await forEachAtOnce(plan.wanted, FILES_AT_ONCE, async (resource) => {
    try {
      await fetchFile(folder, resource, await findFile(root, resource, readLinks), reading);
    } catch (error) {
      failure.abort(error);
      throw explainMissing(error, resource);
    }
  });
}

async function findFile(root: FetchPlan["root"], { name }: Resource, read: BlockReader): Promise<FetchPlan["root"]> {
  const file = await findUnixfsFile(root, name, read);
  if (file !== undefined) return file;
  const text = `The record contradicts itself: the folder ${root.toString()} has no file ${JSON.stringify(name)}.`;
  throw new ProvenanceError("RECORD_CONTRADICTS", text);
}

function explainMissing(error: unknown, { name }: Resource): unknown {
  if (!(error instanceof ProvenanceError) || error.code !== "STORE_BLOCK_MISSING") return error;
  const text = `The content of ${name} is pinned nowhere that was asked: the record only names its CID, or it is pinned no more. Ask another gateway (IPFS_GATEWAYS), or the creator. ${error.message}`;
  return new ProvenanceError(error.code, text, { cause: error });
}

async function verify(
  { registry, source, tokenId, only, publishers, verifying }: FetchModelRequest,
  { wanted }: FetchPlan,
  modelPath: string,
): Promise<VerifyReport> {
  const request = { modelPath, registry, store: source, tokenId, ...(publishers && { publishers }), ...verifying };
  return only === undefined ? verifyModel(request) : verifyFiles({ ...request, only: wanted.map(({ name }) => name) });
}

function vanished(path: string): ProvenanceError {
  return new ProvenanceError("TARGET_FAILED", `${path} vanished when it was complete. Run again.`);
}

/** A folder that is there is never written to: it holds what is wanted, or the fetch is refused. */
async function acceptExisting(request: FetchModelRequest, plan: FetchPlan, path: string): Promise<FetchedModel> {
  if (await looksLike(plan, path, request.only === undefined)) {
    const report = await verify(request, plan, path);
    if (report.verdict === "verified") return { path, report, existing: true, fetchedBytes: 0, keptBytes: 0 };
  }
  const what = request.only === undefined ? "it is not this model" : "the files asked for are not in it as recorded";
  throw new ProvenanceError("TARGET_TAKEN", `${path} is not empty, and ${what}. Name another folder, or empty it.`);
}

/** Names and lengths say quickly that a folder is something else: nobody waits until all of it is hashed. */
async function looksLike({ wanted }: FetchPlan, path: string, nothingElse: boolean): Promise<boolean> {
  const listing = await walkModel(path).catch((error: unknown) => {
    if (error instanceof ProvenanceError) return undefined;
    throw error;
  });
  const sizes = new Map(listing?.files.map(({ name, size }) => [name, size]));
  return (!nothingElse || sizes.size === wanted.length) && wanted.every(({ name, size }) => sizes.get(name) === size);
}
