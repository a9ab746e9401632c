import { createReadStream } from "node:fs";
import { keccak_256 } from "@noble/hashes/sha3.js";
import * as raw from "multiformats/codecs/raw";
import { digestsOf } from "../statement.ts";
import type { HashedModel } from "../../model/hash-model.ts";
import { type ModelFile, assertModelUnchanged, walkModel } from "../../model/walk.ts";
import { type UnixfsLayout, buildUnixfsFile } from "../../content/unixfs/unixfs-file.ts";
import { MAX_BLOCK_BYTES, SHA2_256 } from "../../content/cid.ts";
import type { StatedHash } from "./find-hashes.ts";

/** A hash in somebody's metadata that is one of the model at hand. */
export interface HashMatch {
  readonly stated: StatedHash;
  /** In words: "SHA-256", "Keccak-256", "CID". */
  readonly by: string;
  /** The file whose hash it is; undefined for the digest over all files. */
  readonly file?: string;
}

const CHUNK_BYTES = 1024 * 1024;
// How others cut files: our profile, Kubo with CIDv1, and Kubo's defaults of many years.
const LAYOUTS: readonly UnixfsLayout[] = [
  { maxLeafBytes: MAX_BLOCK_BYTES, maxLinks: 1024 },
  { maxLeafBytes: 256 * 1024, maxLinks: 174 },
  { maxLeafBytes: 256 * 1024, maxLinks: 174, isVersion0: true },
];

/**
 * Finds which of the hashes are of the model's files. Files are read again only where a hash could be one that was not computed
 * yet: Keccak-256, or a CID of a file that is cut into blocks.
 *
 * @throws {ProvenanceError} as {@link walkModel}
 */
export async function matchHashes(
  model: HashedModel,
  stated: readonly StatedHash[],
  options: { readonly hfCache?: boolean } = {},
): Promise<HashMatch[]> {
  const matches = stated.flatMap((hash) => matchSha256(model, hash));
  const left = stated.filter((hash) => !matches.some((match) => match.stated === hash));
  const keccak = left.filter(({ hash }) => hash.kind === "digest" && hash.algorithms.includes("keccak256"));
  const cids = left.filter(({ hash }) => hash.kind === "cid" && hash.cid.code !== raw.code);
  if (keccak.length === 0 && cids.length === 0) return matches;
  const listing = await walkModel(model.path, { ignorePaths: model.ignorePaths, hfCache: options.hfCache ?? false });
  for (const file of listing.files) {
    if (keccak.length > 0) matches.push(...matchKeccak(await computeKeccak(file), file, keccak));
    if (cids.length > 0) matches.push(...(await matchCids(file, cids)));
  }
  await assertModelUnchanged(listing);
  return matches;
}

function matchSha256(model: HashedModel, stated: StatedHash): HashMatch[] {
  const { hash } = stated;
  const digest = hash.kind === "digest" ? hash.algorithms.includes("sha256") && hash.digest : digestOfRaw(hash.cid);
  if (!digest) return [];
  const hex = Buffer.from(digest).toString("hex");
  const found = model.resources.filter(({ sha256 }) => sha256 === hex);
  const matches: HashMatch[] = found.map(({ name }) => ({ stated, by: "SHA-256", file: name }));
  const isWhole = digestsOf(model.resources).includes(BigInt(`0x${hex}`));
  return isWhole ? [...matches, { stated, by: "SHA-256 over the digests of all files" }] : matches;
}

/** The CID of one raw block carries the SHA-256 of the content. */
function digestOfRaw(cid: Extract<StatedHash["hash"], { kind: "cid" }>["cid"]): Uint8Array | undefined {
  return cid.code === raw.code && cid.multihash.code === SHA2_256 ? cid.multihash.digest : undefined;
}

function matchKeccak(digest: Uint8Array, { name }: ModelFile, stated: readonly StatedHash[]): HashMatch[] {
  return stated
    .filter(({ hash }) => hash.kind === "digest" && Buffer.compare(hash.digest, digest) === 0)
    .map((hash) => ({ stated: hash, by: "Keccak-256", file: name }));
}

async function computeKeccak({ path }: ModelFile): Promise<Uint8Array> {
  const hash = keccak_256.create();
  for await (const chunk of readChunks(path)) hash.update(chunk);
  return hash.digest();
}

async function matchCids({ name, path }: ModelFile, stated: readonly StatedHash[]): Promise<HashMatch[]> {
  const roots: Uint8Array[] = [];
  for (const layout of LAYOUTS) {
    const build = buildUnixfsFile(readChunks(path), layout);
    for (;;) {
      const { value, done } = await build.next();
      if (!done) continue;
      roots.push(value.multihash.bytes);
      break;
    }
  }
  return stated
    .filter(
      ({ hash }) => hash.kind === "cid" && roots.some((root) => Buffer.compare(root, hash.cid.multihash.bytes) === 0),
    )
    .map((hash) => ({ stated: hash, by: "CID", file: name }));
}

function readChunks(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>;
}
