import { CID } from "multiformats/cid";
import { sha256 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { toHex } from "../base/hex.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import { assertDistinctNames, assertResourceName } from "../model/resource-name.ts";
import type { Block } from "../content/cid.ts";
import type { BlockSource, Blocks } from "../content/content-store.ts";
import { buildUnixfsFile, readUnixfsFile } from "../content/unixfs/unixfs-file.ts";
import { canonicalJson } from "./canonical-json.ts";
import { clip, parseUntrustedJson } from "./json-limits.ts";
import { INLINE_MANIFEST_MAX_BYTES, type ManifestEntry, resourceListSchema, resourceSchema } from "./schema.ts";

const KEYS_PER_RESOURCE = 3;
// A resource takes about 150 bytes; this allows two million of them.
const MANIFEST_FILE_MAX_BYTES = 300 * 1024 * 1024;

/** A file cut into blocks, ready to be pinned. */
export interface PinnableFile {
  readonly root: CID;
  readonly blocks: readonly Block[];
  /** The blocks link content that is not among them. */
  readonly linksOnly?: true;
  /** What the blocks link: read from where it lies, anew with every iteration, and never held whole. */
  readonly content?: AsyncIterable<Block>;
}

/** All blocks of a file, its content behind those that link it. They may be read several times. */
export function allBlocksOf({ blocks, content }: PinnableFile): Blocks {
  if (content === undefined) return blocks;
  return {
    async *[Symbol.asyncIterator]() {
      yield* blocks;
      yield* content;
    },
  };
}

/** Cuts bytes into blocks, in memory. */
export async function toPinnableFile(bytes: Uint8Array): Promise<PinnableFile> {
  const blocks: Block[] = [];
  const build = buildUnixfsFile([bytes]);
  for (;;) {
    const { value, done } = await build.next();
    if (done) return { root: value, blocks };
    blocks.push(value);
  }
}

/** Writes the manifest as the metadata holds it: inline, or for a model of very many files as a file to be pinned beside. */
export async function buildManifestEntry(
  model: HashedModel,
): Promise<{ manifest: ManifestEntry; file?: PinnableFile }> {
  const ignorePaths = [...model.ignorePaths];
  const bytes = canonicalJson({ resources: model.resources });
  if (bytes.length <= INLINE_MANIFEST_MAX_BYTES) {
    return { manifest: { method: "files", hashType: "sha256", ignorePaths, resources: [...model.resources] } };
  }
  const file = await toPinnableFile(bytes);
  const digest = toHex(sha256(bytes));
  const entry = { cid: file.root.toString(), digest, size: bytes.length, count: model.resources.length };
  return { manifest: { method: "files", hashType: "sha256", ignorePaths, file: entry }, file };
}

/**
 * Reads the resources of a manifest, from the metadata or from the pinned file it names.
 *
 * @throws {ProvenanceError} as the store's `get`; `METADATA_INVALID` or `METADATA_DIGEST_MISMATCH` for other content
 */
export async function readManifestEntry(manifest: ManifestEntry, store: BlockSource): Promise<readonly Resource[]> {
  if (manifest.resources !== undefined) return assertNames(manifest.resources);
  const { cid, digest, size, count } = manifest.file as NonNullable<ManifestEntry["file"]>;
  const limit = Math.min(size, MANIFEST_FILE_MAX_BYTES);
  const bytes = await readUnixfsFile(parseCid(cid), (link) => store.get(link), limit);
  if (toHex(sha256(bytes)) !== digest) {
    throw new ProvenanceError(
      "METADATA_DIGEST_MISMATCH",
      `The manifest file ${cid} does not have the digest ${digest}.`,
    );
  }
  const what = `The manifest file ${cid}`;
  return assertNames(parseManifestFile(parseUntrustedJson(bytes, limit, what, KEYS_PER_RESOURCE * count + 1), what));
}

/** One resource after the other: of a file that is no manifest the first fault is enough. */
function parseManifestFile(value: unknown, what: string): Resource[] {
  const listing = resourceListSchema.safeParse(value).data;
  if (listing === undefined) throw new ProvenanceError("METADATA_INVALID", `${what} lists no resources.`);
  return listing.resources.map((entry, i) => {
    const { data, error } = resourceSchema.safeParse(entry);
    if (data !== undefined) return data;
    const { path, message } = error?.issues[0] as { path: PropertyKey[]; message: string };
    const fault = clip(`resources.${i} ${path.join(".")} ${message}`);
    throw new ProvenanceError("METADATA_INVALID", `${what} is no manifest: ${fault}.`);
  });
}

/** A stranger wrote these names: one that could not be recorded makes the manifest invalid, not the model at hand. */
function assertNames(resources: readonly Resource[]): readonly Resource[] {
  try {
    for (const { name } of resources) assertResourceName(name);
    assertDistinctNames(resources.map(({ name }) => name));
    return resources;
  } catch (cause) {
    const text = `The manifest in the metadata is invalid. ${(cause as Error).message}`;
    throw new ProvenanceError("METADATA_INVALID", text, { cause });
  }
}

function parseCid(text: string): CID {
  try {
    return CID.parse(text);
  } catch (cause) {
    throw new ProvenanceError("METADATA_INVALID", `The manifest names ${JSON.stringify(text)}, which is no CID.`, {
      cause,
    });
  }
}
