import { createHash } from "node:crypto";
import { ProvenanceError } from "../base/errors.ts";
import { CLAIM_MAX_BYTES, parseClaim } from "../model/claim-form.ts";
import { CLAIM_NAME } from "../model/claim-name.ts";
import { warnOfCaseCollisions } from "../model/case-collisions.ts";
import { isPlainText } from "../model/file-kinds.ts";
import { findWeights } from "../model/find-weights.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { computeManifestDigests } from "../model/manifest-digests.ts";
import { assertNotNamed } from "../model/named-by-config.ts";
import { OMS_BUNDLE_MAX_BYTES, OMS_BUNDLE_NAME, isOmsBundleContent } from "../model/oms-bundle-form.ts";
import type { Resource } from "../model/resource.ts";
import type { ExcludedEntry } from "../model/walk.ts";
import { isWeightFile } from "../model/weights.ts";
import { checkPointer } from "./check-pointer.ts";
import { type HubSnapshot, contentSource, fetchHubFile, hubSource } from "./hub-file.ts";
import type { HubTree, HubTreeFile } from "./hub-tree.ts";
import { toHubUri } from "../metadata/repo-id.ts";
import { mapInOrder } from "../base/concurrency.ts";

/** A model of the Hub with its digests, and the small files that were fetched for them. */
export interface HubContents {
  readonly model: HashedModel;
  /** Every file of the model that the Hub lists, by name. */
  readonly files: ReadonlyMap<string, HubTreeFile>;
  /** Contents of the small files from which facts are read. */
  readonly kept: ReadonlyMap<string, Buffer>;
}

/** A larger file lies in Git LFS: the Hub takes no other above 10 MB. */
const PLAIN_MAX_BYTES = 16 * 1024 * 1024;
const FETCHED_AT_A_TIME = 4;
const SMALL = /^(README\.md|(training-)?config\.json|special_tokens_map\.json|tokenizer_config\.json)$/;
const SMALL_MAX_BYTES = 4 * 1024 * 1024;
const KEPT =
  /^(README\.md|(training-)?config\.json|special_tokens_map\.json|tokenizer(_config)?\.json|vocab\.(txt|json)|(spiece|tokenizer|spm)\.model|.*\.index\.json)$/;

/**
 * Computes the digests of a revision without its weights: Git LFS names their SHA-256, and the other files are small and
 * are fetched. Everything is checked against the commit's own ids.
 *
 * @returns what `hashModel` says of a copy of exactly these files
 * @throws {ProvenanceError} `HUB_ANSWER_INVALID`, `HUB_REPO_EMPTY`, and as the Hub's requests
 */
export async function readHubContents(snapshot: HubSnapshot, tree: HubTree): Promise<HubContents> {
  const resources: Resource[] = [];
  const excluded: ExcludedEntry[] = [...tree.excluded];
  const kept = new Map<string, Buffer>();
  const warnings: string[] = [];
  const pointers: string[] = [];
  const read = mapInOrder(tree.files, FETCHED_AT_A_TIME, (file) => readFile(snapshot, file, warnings));
  for await (const { file, sha256, bytes } of read) {
    const reason = bytes && reasonToExcludeContent(file.name, bytes);
    if (reason !== undefined) {
      excluded.push({ name: file.name, reason });
      continue;
    }
    resources.push({ name: file.name, size: file.size, sha256 });
    if (bytes === undefined) pointers.push(file.name);
    else if (KEPT.test(file.name)) kept.set(file.name, bytes);
  }
  if (resources.length === 0) {
    throw new ProvenanceError("HUB_REPO_EMPTY", `${snapshot.id} is empty: it holds no file of a model.`);
  }
  const files = new Map(tree.files.map((file) => [file.name, file]));
  const sources = resources.map(({ name }) => {
    const bytes = kept.get(name);
    return bytes === undefined ? hubSource(snapshot, files.get(name) as HubTreeFile) : contentSource(name, bytes);
  });
  const leftOut = new Set(excluded.flatMap(({ name, reason }) => (reason === "download cache" ? [name] : [])));
  if (leftOut.size > 0) await assertNotNamed(sources, (name) => leftOut.has(name));
  const weights = await findWeights(sources, (name) => !/\.onnx$/i.test(name) || mayLieOutside(files));
  const model: HashedModel = {
    kind: "folder",
    path: toHubUri(snapshot),
    excluded,
    ignorePaths: tree.ignorePaths,
    warnings: [...warnOfCaseCollisions(resources.map(({ name }) => name)), ...warnings],
    resources,
    pointers,
    isRemote: true,
    cached: 0,
    weights,
    ...computeManifestDigests(resources, weights.files),
  };
  return { model, files, kept };
}

/**
 * Tells whether a file is there in which an ONNX model could keep its weights: only then its graph is read, which takes a
 * request for every few of its parts.
 */
function mayLieOutside(files: ReadonlyMap<string, HubTreeFile>): boolean {
  return [...files.values()].some(
    ({ name, lfsSha256 }) => !isWeightFile(name) && (lfsSha256 !== undefined || !isPlainText(name)),
  );
}

interface ReadFile {
  readonly file: HubTreeFile;
  readonly sha256: string;
  readonly bytes?: Buffer;
}

async function readFile(snapshot: HubSnapshot, file: HubTreeFile, warnings: string[]): Promise<ReadFile> {
  if (file.lfsSha256 !== undefined) {
    const warning = await checkPointer(snapshot, file);
    if (warning !== undefined) warnings.push(warning);
    const bytes = file.size <= fetchedAtMost(file.name) ? await fetchHubFile(snapshot, file) : undefined;
    return { file, sha256: file.lfsSha256, ...(bytes && { bytes }) };
  }
  if (file.size > PLAIN_MAX_BYTES) {
    throw new ProvenanceError(
      "HUB_ANSWER_INVALID",
      `What the Hub says of ${snapshot.id} is refused: ${JSON.stringify(file.name)} has ${file.size} bytes and is not in Git LFS.`,
    );
  }
  const bytes = await fetchHubFile(snapshot, file);
  return { file, sha256: createHash("sha256").update(bytes).digest("hex"), bytes };
}

/** Files in Git LFS that are fetched all the same: whether it is left out is decided by content, or facts are read from it. */
function fetchedAtMost(name: string): number {
  if (name === OMS_BUNDLE_NAME) return OMS_BUNDLE_MAX_BYTES;
  if (name === CLAIM_NAME) return CLAIM_MAX_BYTES;
  return SMALL.test(name) ? SMALL_MAX_BYTES : -1;
}

function reasonToExcludeContent(name: string, bytes: Buffer): ExcludedEntry["reason"] | undefined {
  if (name === CLAIM_NAME && parseClaim(bytes) !== undefined) return "claim";
  return name === OMS_BUNDLE_NAME && isOmsBundleContent(bytes) ? "OMS bundle" : undefined;
}
