import { mapAtOnce } from "../../base/concurrency.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../../model/hash-model.ts";
import { SharedDigester } from "../../model/hashing/shared-digester.ts";
import { type BatchEntry, readBatchList } from "../batch-list.ts";
import { EXIT, type ExitCode, exitCodeOfError } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import { printJson } from "../long-output.ts";
import { openCache } from "../open-cache.ts";
import { QUEUED_AT_ONCE, openFileQueue } from "../open-queue.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, printable, table } from "../terminal.ts";

// More than there are threads: while some are listed, others are hashed.
const MODELS_AT_ONCE = 16;

type Hashed = { readonly path: string } & ({ readonly model: HashedModel } | { readonly error: ProvenanceError });

/** Hashes all models of a list, and prints the digests of each. One that cannot be hashed does not keep the others. */
export async function runHashBatch(options: Options, terminal: Terminal): Promise<ExitCode> {
  const entries = await readBatchList(required(options, "batchPath"));
  const cache = await openCache(options, terminal);
  const queue = await openFileQueue(options);
  // A model alone is hashed with all cores; of several each core takes other files.
  const digester = queue ?? (entries.length > 1 ? new SharedDigester() : undefined);
  try {
    const atOnce = queue === undefined ? MODELS_AT_ONCE : QUEUED_AT_ONCE;
    const hashing = { ...(cache && { cache }), ...(digester && { digest: digester.digest }) };
    const hashed = await mapAtOnce(entries, atOnce, async (entry) => hashEntry(entry, options, hashing));
    await cache?.save();
    for (const one of hashed) {
      if ("error" in one) terminal.warn(printable(`${one.path}: ${one.error.message}`));
      else for (const warning of one.model.warnings) terminal.warn(printable(`${one.path}: ${warning}`));
    }
    if (options.format === "json") printJson(terminal, { schemaVersion: "1.0", models: hashed.map(toJson) });
    else terminal.print(table([["MODEL", "FILES", "SIZE", "MODEL DIGEST", "CID"], ...hashed.flatMap(toRow)]));
    const failed = hashed.find((one) => "error" in one);
    return failed === undefined ? EXIT.done : exitCodeOfError(failed.error.code);
  } finally {
    await digester?.close();
  }
}

async function hashEntry({ options: own }: BatchEntry, common: Options, hashing: HashModelOptions): Promise<Hashed> {
  const options = { ...common, ...own };
  const path = required(options, "modelPath");
  try {
    const model = await hashModel(path, {
      ignorePaths: options.ignorePaths ?? [],
      withCid: options.withCid ?? false,
      hfCache: options.hfCache ?? false,
      lfsPointers: options.lfsPointers ? "accept" : "warn",
      ...hashing,
    });
    return { path, model };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code === "QUEUE_UNREACHABLE") throw error;
    return { path, error };
  }
}

function toJson(hashed: Hashed): object {
  const { path } = hashed;
  if ("error" in hashed) return { path, code: hashed.error.code, message: hashed.error.message };
  const { modelDigest, manifestRoot, weightsDigest, cid, resources } = hashed.model;
  return { path, modelDigest, manifestRoot, weightsDigest, cid, files: resources.length, bytes: bytesOf(hashed.model) };
}

function toRow(hashed: Hashed): string[][] {
  if ("error" in hashed) return [];
  const { modelDigest, cid = "", resources } = hashed.model;
  return [[printable(hashed.path), String(resources.length), formatBytes(bytesOf(hashed.model)), modelDigest, cid]];
}

function bytesOf({ resources }: HashedModel): number {
  return resources.reduce((sum, { size }) => sum + size, 0);
}
