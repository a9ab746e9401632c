import { z } from "zod";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { parseUntrustedJson } from "../metadata/json-limits.ts";
import { assertDistinctNames, assertResourceName } from "../model/resource-name.ts";
import { RELATIONS } from "../model/relation.ts";
import { PUBLISHER_SOURCES } from "../registry/publishers/publisher.ts";
import { digestsOf } from "./statement.ts";

/** The name that a lock file has unless told otherwise. */
export const LOCK_FILE_NAME = "model-provenance.lock.json";

/** A file takes about 200 bytes; this allows more than half a million of them. */
export const LOCK_MAX_BYTES = 128 * 1024 * 1024;
const MAX_KEYS = 2_000_000;

const digest = z.custom<Hex>(
  (text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text),
  "must be 0x and 64 lower-case hex digits",
);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");
const count = z.int().nonnegative();
const text = (max: number) => z.string().max(max);

const fileSchema = z.strictObject({
  name: z.string().min(1).max(4096),
  size: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits"),
});

/** The form of a lock file. */
export const lockSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  /** Of the registry that holds the record, a CAIP-10 account. */
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  /** The record as it was when the model was approved. */
  record: z.strictObject({
    tokenId: digest,
    creator: address,
    /** Unix time in seconds. */
    mintedAt: count,
    relation: z.enum(RELATIONS),
    status: z.enum(["active", "deprecated"]),
    parents: z.array(digest).max(16),
    datasetDigest: digest,
    metadataDigest: digest,
    framework: text(64),
    license: text(64),
    performanceMetrics: text(31),
  }),
  /** Where it was recorded; absent where that was not known. */
  event: z.strictObject({ blockNumber: count, transactionHash: digest, version: text(64) }).optional(),
  /** What the model is: one file, which may carry another name, or a folder. */
  kind: z.enum(["file", "folder"]),
  /** All files of the model, in name order. */
  files: z.array(fileSchema).min(1),
  /** The paths that were left out by choice. */
  ignorePaths: z.array(text(4096)),
  /** What was said of the model and its ancestors then: who recalled which of them, when and why. */
  warnings: z.array(text(2048)).max(64).optional(),
  /** What held of the creator then, in both directions: who is behind the account, by whom, and when that was asked. */
  publishers: z
    .array(
      z.strictObject({
        source: z.enum(PUBLISHER_SOURCES),
        id: text(1024).min(1),
        name: text(1024).min(1),
        /** Unix time in seconds. */
        checkedAt: count.optional(),
      }),
    )
    .max(16)
    .optional(),
  /** When and by what it was approved. */
  approved: z.strictObject({
    /** The newest block when the registry was asked. */
    blockNumber: count,
    /** SHA-256 of the policy file; absent where there was none. */
    policyDigest: digest.optional(),
  }),
});

/** What a verifier approved: enough to check a model again without a network. */
export type LockFile = z.infer<typeof lockSchema>;

/** The JSON Schema (draft 2020-12) of a lock file. */
export function lockJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(lockSchema, { unrepresentable: "any" });
}

/**
 * Parses the bytes of a lock file. Its files must be those of its token: the digest over them is the token id.
 *
 * @throws {ProvenanceError} `LOCK_INVALID`
 */
export function parseLockFile(bytes: Uint8Array): LockFile {
  let json: unknown;
  try {
    json = parseUntrustedJson(bytes, LOCK_MAX_BYTES, "It", MAX_KEYS);
  } catch (cause) {
    throw invalidLock((cause as Error).message, cause);
  }
  const parsed = lockSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
    throw invalidLock(`${path.join(".") || "The whole"}: ${message}.`);
  }
  const lock = parsed.data;
  assertFiles(lock);
  return lock;
}

/** A lock file as it is written: a line for each value, and one for each file of the model. */
export function formatLockFile(lock: LockFile): string {
  const { files, ...rest } = lockSchema.parse(lock);
  const lines = files.map((file) => `    ${JSON.stringify(file)}`).join(",\n");
  return `${JSON.stringify({ ...rest, files: [] }, null, 2).replace(/"files": \[\]/, () => `"files": [\n${lines}\n  ]`)}\n`;
}

/** Checks what the form of a lock does not say. */
function assertFiles({ files, record, kind }: LockFile): void {
  try {
    for (const { name } of files) assertResourceName(name);
    assertDistinctNames(files.map(({ name }) => name));
  } catch (cause) {
    throw invalidLock((cause as Error).message, cause);
  }
  if (kind === "file" && files.length !== 1)
    throw invalidLock(`It says that the model is one file, and names ${files.length}.`);
  if (digestsOf(files).includes(BigInt(record.tokenId))) return;
  throw invalidLock("The digest over its files is not the token id: it was edited or damaged.");
}

/** Why a lock file is none. */
export function invalidLock(fault: string, cause?: unknown): ProvenanceError {
  const text = `The lock file is not valid. ${fault.replace(/\.?$/, ".")} Write it again with verify --write-lock.`;
  return new ProvenanceError("LOCK_INVALID", text, { cause });
}
