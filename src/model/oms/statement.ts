import { z } from "zod";
import { createSha256, fromHex, toDigits } from "../../base/bytes.ts";
import { describeIssue, invalidBundle, parseJson } from "./bundle.ts";
import { assertIgnorePath, assertOmsName } from "./oms-path.ts";
import { type ShardRange, splitShardName } from "./shard-name.ts";

/** A file of a signed model, or a byte range of one. */
export interface OmsResource {
  /** As signed; for a shard `path:start:end`. */
  readonly name: string;
  /** Path of the file; "." stands for a model that is a single file. */
  readonly path: string;
  readonly range: ShardRange | undefined;
  /** Hex digits without 0x. */
  readonly digest: string;
}

/** The hash functions that OMS names. */
export type OmsHashType = "sha256" | "blake2b" | "blake3";

/** What was signed, in the terms of the predicate v1.0. */
export interface OmsStatement {
  /** Name of the model when it was signed; says nothing. */
  readonly subjectName: string;
  /** Hex digits of the root digest; undefined for the legacy predicate, which has none. */
  readonly rootDigest: string | undefined;
  readonly hashType: OmsHashType;
  /** Bytes of a shard; undefined where files were hashed whole. */
  readonly shardSize: number | undefined;
  /** Whether the signer followed symbolic links; the legacy predicate does not say. */
  readonly allowSymlinks: boolean | undefined;
  readonly ignorePaths: readonly string[];
  /** In the order of the statement. */
  readonly resources: readonly OmsResource[];
}

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "https://model_signing/signature/v1.0";
/** Of release 0.2.0: one subject a file, nothing in the predicate. */
export const LEGACY_PREDICATE_TYPE = "https://model_signing/Digests/v0.1";

const DIGEST_LENGTH: Readonly<Record<OmsHashType, number>> = { sha256: 64, blake2b: 128, blake3: 64 };

const digest = z.string().regex(/^[0-9a-f]+$/);
const digestSet = z.record(z.string(), digest);
const hashType = z.enum(["sha256", "blake2b", "blake3"]);
const common = {
  hash_type: hashType,
  allow_symlinks: z.boolean(),
  ignore_paths: z.array(z.string().min(1)).optional(),
};

const statementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.tuple([z.looseObject({ name: z.string().min(1), digest: digestSet })]),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.strictObject({
    resources: z.array(z.looseObject({ name: z.string().min(1), algorithm: z.string(), digest })).min(1),
    serialization: z.discriminatedUnion("method", [
      z.strictObject({ method: z.literal("files"), ...common }),
      z.strictObject({ method: z.literal("shards"), shard_size: z.int().positive(), ...common }),
    ]),
  }),
});

const legacySchema = z.looseObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.looseObject({ name: z.string().min(1), digest: z.looseObject({ sha256: digest }) })).min(1),
  predicateType: z.literal(LEGACY_PREDICATE_TYPE),
});

/**
 * Parses the payload of a bundle whose signature was checked.
 *
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID` if it breaks the format, names a file twice or a place outside the
 *   model, or states a root digest that its resources do not give
 * @see OMS specification v1.0, sections 5 and 8.3
 */
export function parseStatement(payload: Uint8Array): OmsStatement {
  const json = parseJson(decodeUtf8(payload), "The signed statement");
  const isLegacy = (json as { predicateType?: unknown } | null)?.predicateType === LEGACY_PREDICATE_TYPE;
  const statement = isLegacy ? readLegacy(json) : readCurrent(json);
  const seen = new Set<string>();
  for (const { name, path, digest } of statement.resources) {
    if (seen.has(name)) throw invalidBundle(`names ${JSON.stringify(name)} twice`);
    seen.add(name);
    if (path !== ".") assertOmsName(path);
    if (digest.length !== DIGEST_LENGTH[statement.hashType]) {
      throw invalidBundle(`has a digest of ${digest.length} hex digits for ${JSON.stringify(name)}`);
    }
  }
  return statement;
}

/** The root digest of resources in the order given: SHA-256 over their raw digests, whatever made those. */
export function computeRootDigest(resources: readonly { readonly digest: string }[]): string {
  const hash = createSha256();
  for (const { digest } of resources) hash.update(fromHex(digest));
  return toDigits(hash.digest());
}

function readCurrent(json: unknown): OmsStatement {
  const { success, data, error } = statementSchema.safeParse(json);
  if (!success) throw invalidBundle(`holds a statement that is not OMS v1.0: ${describeIssue(error)}`);
  const { subject, predicate } = data;
  const { serialization } = predicate;
  const shardSize = serialization.method === "shards" ? serialization.shard_size : undefined;
  const algorithms = [serialization.hash_type, shardSize && `${serialization.hash_type}-sharded-${shardSize}`];
  const resources = predicate.resources.map(({ name, algorithm, digest }): OmsResource => {
    if (!algorithms.includes(algorithm)) {
      throw invalidBundle(`hashes ${JSON.stringify(name)} with ${algorithm}, not with ${serialization.hash_type}`);
    }
    return { name, digest, ...(shardSize === undefined ? { path: name, range: undefined } : splitShardName(name)) };
  });
  const rootDigest = subject[0].digest["sha256"];
  if (rootDigest === undefined) throw invalidBundle("states no SHA-256 root digest");
  const actual = computeRootDigest(resources);
  if (rootDigest !== actual) throw invalidBundle(`states the root digest ${rootDigest}; its resources give ${actual}`);
  return {
    subjectName: subject[0].name,
    rootDigest,
    hashType: serialization.hash_type,
    shardSize,
    allowSymlinks: serialization.allow_symlinks,
    ignorePaths: (serialization.ignore_paths ?? []).map((path) => assertIgnorePath(path, invalidBundle)),
    resources,
  };
}

function readLegacy(json: unknown): OmsStatement {
  const { success, data, error } = legacySchema.safeParse(json);
  if (!success) throw invalidBundle(`holds a statement that is not of release 0.2.0: ${describeIssue(error)}`);
  return {
    subjectName: "",
    rootDigest: undefined,
    hashType: "sha256",
    shardSize: undefined,
    allowSymlinks: undefined,
    ignorePaths: [],
    resources: data.subject.map(({ name, digest }) => ({ name, path: name, range: undefined, digest: digest.sha256 })),
  };
}

function decodeUtf8(payload: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch {
    throw invalidBundle("holds a statement that is not UTF-8");
  }
}
