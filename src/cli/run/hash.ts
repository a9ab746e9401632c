import { type HashedModel, hashModel } from "../../model/hash-model.ts";
import type { Resource } from "../../model/resource.ts";
import { openerOf } from "../../model/tensors/hashed-source.ts";
import { describeUnsafe, findUnsafeFiles } from "../../model/tensors/unsafe-files.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { assertWholeOnHub, hashOnHub } from "../hub-model.ts";
import { assertNoModelBeside } from "../batch-list.ts";
import { openCache } from "../open-cache.ts";
import { withFileQueue } from "../open-queue.ts";
import { type Options, required } from "../options.ts";
import { formatBytes } from "../format-bytes.ts";
import { printJson, printTable } from "../long-output.ts";
import { type Terminal, followBytes, printable, table } from "../terminal.ts";

/** Hashes a model, on disk or on the Hub, and prints its digests. */
export async function runHash(options: Options, terminal: Terminal): Promise<ExitCode> {
  if (options.batchPath !== undefined) return runListed(options, terminal);
  const modelPath = required(options, "modelPath");
  assertWholeOnHub(options, options.withCid ? ["WITH_CID"] : []);
  const model = (await hashOnHub(options, terminal)) ?? (await hashOnDisk(modelPath, options, terminal));
  for (const warning of model.warnings) terminal.warn(warning);
  const unsafe = await findUnsafeFiles(model, openerOf(model));
  if (options.format === "json") {
    printJson(terminal, toJson(model, unsafe));
    return EXIT.done;
  }
  printModel(model, terminal);
  const unsafeText = describeUnsafe(unsafe);
  if (unsafeText !== undefined) terminal.note(printable(unsafeText));
  return EXIT.done;
}

async function runListed(options: Options, terminal: Terminal): Promise<ExitCode> {
  assertNoModelBeside(options);
  return (await import("./hash-batch.ts")).runHashBatch(options, terminal);
}

async function hashOnDisk(path: string, options: Options, terminal: Terminal): Promise<HashedModel> {
  const cache = await openCache(options, terminal);
  const model = await withFileQueue(options, terminal, async (queue) =>
    followBytes(terminal, options.format, async (progress) =>
      hashModel(path, {
        ...(queue && { digest: queue.digest }),
        ignorePaths: options.ignorePaths ?? [],
        withCid: options.withCid ?? false,
        hfCache: options.hfCache ?? false,
        lfsPointers: options.lfsPointers ? "accept" : "warn",
        ...(cache && { cache }),
        ...progress,
      }),
    ),
  );
  await cache?.save();
  return model;
}

function toJson(model: HashedModel, unsafeSerialization: readonly string[]) {
  const { modelDigest, manifestRoot, weightsDigest, cid, excluded, ignorePaths, cached, warnings } = model;
  const pointers = new Set(model.pointers);
  const mark = (resource: Resource) => (pointers.has(resource.name) ? { ...resource, pointer: true } : resource);
  const resources = pointers.size === 0 ? model.resources : model.resources.map(mark);
  const digests = { modelDigest, manifestRoot, weightsDigest, cid };
  return { schemaVersion: "1.0", ...digests, resources, unsafeSerialization, excluded, ignorePaths, cached, warnings };
}

function printModel(model: HashedModel, terminal: Terminal): void {
  const { modelDigest, manifestRoot, weightsDigest, cid, resources, excluded, cached } = model;
  const pointers = new Set(model.pointers);
  for (const { name, reason } of excluded) terminal.note(`left out: ${printable(name)} (${reason})`);
  if (cached > 0) terminal.note(`taken from the hash cache: ${cached} of ${resources.length} files`);
  printTable(terminal, ["FILE", "SIZE", "SHA-256"], resources.length, (i) => {
    const { name, size, sha256 } = resources[i] as Resource;
    return [printable(name), formatBytes(size), sha256, ...(pointers.has(name) ? ["pointer, not content"] : [])];
  });
  terminal.print("");
  terminal.print(
    table([
      ["modelDigest", modelDigest],
      ["manifestRoot", manifestRoot],
      ["weightsDigest", weightsDigest],
      ...(cid === undefined ? [] : [["CID", cid]]),
    ]),
  );
}
