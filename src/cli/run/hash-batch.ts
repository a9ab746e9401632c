import { mapAtOnce } from "../../base/concurrency.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../../model/hash-model.ts";
import type { DigestFiles } from "../../model/hashing/digest-files.ts";
import { SharedDigester } from "../../model/hashing/shared-digester.ts";
import { type BatchEntry, readBatchList } from "../batch-list.ts";
import { EXIT, type ExitCode, exitCodeOfError } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import { printJson } from "../long-output.ts";
import { openCache } from "../open-cache.ts";
import { QUEUED_AT_ONCE, withFileQueue } from "../open-queue.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, printable, table } from "../terminal.ts";

// More than there are threads: while some are listed, others are hashed.
const MODELS_AT_ONCE = 16;

type Hashed = { readonly path: string } & ({ readonly model: HashedModel } | { readonly error: ProvenanceError });

/** Hashes all models of a list, and prints the digests of each. One that cannot be hashed does not keep the others. */
export async function runHashBatch(options: Options, terminal: Terminal): Promise<ExitCode> {
  const entries = await readBatchList(required(options, "batchPath"));
  const cache = await openCache(options, terminal);
  const hashed = await withDigester(entries.length, options, terminal, async (digest, atOnce) => {
    const hashing = { ...(cache && { cache }), ...(digest && { digest }) };
    return mapAtOnce(entries, atOnce, async (entry) => hashEntry(entry, options, hashing));
  });
  await cache?.save();
  for (const one of hashed) {
    if ("error" in one) terminal.warn(printable(`${one.path}: ${one.error.message}`));
    else for (const warning of one.model.warnings) terminal.warn(printable(`${one.path}: ${warning}`));
  }
  if (options.format === "json") printJson(terminal, { schemaVersion: "1.0", models: hashed.map(toJson) });
  else terminal.print(table([["MODEL", "FILES", "SIZE", "MODEL DIGEST", "CID"], ...hashed.flatMap(toRow)]));
  const failed = hashed.find((one) => "error" in one);
  return failed === undefined ? EXIT.done : exitCodeOfError(failed.error.code);
}

/** A model alone is hashed with all cores; of several each core takes other files, and the workers of a queue take any. */
async function withDigester<Result>(
  count: number,
  options: Options,
  terminal: Terminal,
  work: (digest: DigestFiles | undefined, atOnce: number) => Promise<Result>,
): Promise<Result> {
  return withFileQueue(options, terminal, async (queue) => {
    if (queue !== undefined) return work(queue.digest, QUEUED_AT_ONCE);
    if (count < 2) return work(undefined, 1);
    const shared = new SharedDigester();
    return work(shared.digest, MODELS_AT_ONCE).finally(async () => shared.close());
  });
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
