import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { z } from "zod";
import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import type { FileDigest } from "../model/hashing/file-digester.ts";
import { HashThreads } from "../model/hashing/hash-threads.ts";
import type { FilePieces } from "../model/hashing/pieces.ts";
import type { FileToHash } from "../model/hashing/plan.ts";
import { type Performer, otherVersion } from "./worker.ts";

const bytesSchema = z.base64();
const jobSchema = z.strictObject({
  path: z.string(),
  /** In bytes, when it was listed. */
  size: z.int().min(0),
  /** Of its last change, in nanoseconds since 1970. */
  modified: z.string().regex(/^-?\d+$/),
  /** Whether the digest of each MiB is wanted. */
  leaves: z.boolean(),
  /** A part of the file of which nothing but the digest of each MiB is wanted; it begins at a whole MiB. */
  range: z.strictObject({ start: z.int().min(0), end: z.int().min(0) }).optional(),
  pieces: z
    .strictObject({
      count: z.int(),
      bounds: z.array(z.number()),
      preambles: bytesSchema,
      preambleEnds: z.array(z.number()),
    })
    .optional(),
});

/** What a worker is told of a file, or of a part of it. */
export type FileJob = z.infer<typeof jobSchema>;

/** What a worker found of it; bytes in base64. */
export interface FileJobResult {
  /** Absent for a part. */
  readonly sha256?: string;
  readonly leaves?: string;
  readonly pieces?: string;
}

/** Says of a file what a worker has to know. Only a file that was listed has a time by which it is known again. */
export function toFileJob(
  { path, size, pieces, identity }: FileToHash,
  leaves: boolean,
  range?: FileJob["range"],
): FileJob {
  return {
    path: resolve(path),
    size,
    modified: String(identity?.mtimeNs ?? 0n),
    leaves,
    ...(range && { range }),
    ...(pieces && range === undefined && { pieces: packForJob(pieces) }),
  };
}

/**
 * Names what is found of a file: by its path and by all that is asked. A file that was written to has another name, by its
 * times, both of them.
 */
export function keyOfFile(job: FileJob, { identity }: FileToHash): string {
  const asked = JSON.stringify([job, String(identity?.ctimeNs ?? 0n)]);
  return `${job.path} ${createHash("sha256").update(asked).digest("hex").slice(0, 32)}`;
}

/** Hashes the files of jobs, each in a thread. */
export class FileHasher {
  readonly #threads: HashThreads;
  readonly #folders: readonly string[];
  readonly #idle: number[];

  /** @param folders - files below these are read, and no others */
  constructor(threads: number, folders: readonly string[]) {
    this.#threads = new HashThreads(threads);
    this.#folders = folders;
    this.#idle = Array.from({ length: threads }, (_, i) => i);
  }

  /**
   * Does a job; no more at a time than there are threads.
   *
   * @throws {ProvenanceError} `MODEL_UNREADABLE` where this machine does not have the file as it was listed,
   *   `MODEL_CHANGED`, `WORKER_MISMATCHED` for a job of another version
   */
  async perform(data: unknown): Promise<FileJobResult> {
    const job = jobSchema.safeParse(data).data;
    if (job === undefined) throw otherVersion();
    const identity = await this.#find(job);
    const thread = this.#idle.pop() as number;
    try {
      const progress = new BigInt64Array(1);
      if (job.range !== undefined) {
        const ranges = [{ path: job.path, identity, ...job.range }];
        const { digests } = await this.#threads.run(thread, { kind: "leaves", ranges, progress });
        return { leaves: toText(digests[0]) };
      }
      const files = [{ path: job.path, size: job.size, identity, ...(job.pieces && { pieces: unpack(job.pieces) }) }];
      const { digests } = await this.#threads.run(thread, { kind: "files", files, leaves: job.leaves, progress });
      return toResult(digests[0] as FileDigest);
    } finally {
      this.#idle.push(thread);
    }
  }

  async close(): Promise<void> {
    await this.#threads.close();
  }

  async #find({ path, size, modified }: FileJob) {
    const real = await realpath(path).catch(() => undefined);
    const folders = await Promise.all(this.#folders.map(async (folder) => realpath(folder).catch(() => undefined)));
    const isShared = folders.some((folder) => folder !== undefined && real?.startsWith(`${folder}${sep}`));
    if (real === undefined || !isShared) throw notHere(path, "it is in none of the folders that it may read");
    const identity = await stat(path, { bigint: true }).catch(() => undefined);
    const isSame = identity?.size === BigInt(size) && identity.mtimeNs === BigInt(modified);
    if (identity === undefined || !isSame) throw notHere(path, "it has another size or time there");
    return identity;
  }
}

/** Hashes files for a queue. A worker that shares the folder, or a later try, may be able to read what this one cannot. */
export function filePerformer(hasher: FileHasher, atOnce: number): Performer {
  const isPassing = (code: ProvenanceErrorCode) => code === "MODEL_UNREADABLE";
  return { queue: "file", atOnce, perform: async (job) => hasher.perform(job), isPassing };
}

function notHere(path: string, why: string): ProvenanceError {
  const text = `The worker cannot hash ${path}: ${why}. Share the folder with all workers under the same path, and name it with --files.`;
  return new ProvenanceError("MODEL_UNREADABLE", text);
}

function toResult({ sha256, leafDigests, pieceDigests }: FileDigest): FileJobResult {
  return {
    sha256,
    ...(leafDigests && { leaves: toText(leafDigests) }),
    ...(pieceDigests && { pieces: toText(pieceDigests) }),
  };
}

function packForJob({ count, bounds, preambles, preambleEnds }: FilePieces): NonNullable<FileJob["pieces"]> {
  return { count, bounds: [...bounds], preambles: toText(preambles), preambleEnds: [...preambleEnds] };
}

function unpack({ count, bounds, preambles, preambleEnds }: NonNullable<FileJob["pieces"]>): FilePieces {
  return {
    count,
    bounds: Float64Array.from(bounds),
    preambles: fromText(preambles),
    preambleEnds: Float64Array.from(preambleEnds),
  };
}

function toText(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("base64");
}

/** The bytes of a result. */
export function fromText(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}
