import { ProvenanceError } from "../base/errors.ts";
import { readGivenFile } from "../base/given-file.ts";
import type { ImportRequest } from "../hub/import-request.ts";
import type { ModelSelection } from "../hub/select-models.ts";
import { splitList } from "../base/option.ts";
import type { Options } from "./options.ts";

const DEFAULT_DOWNLOAD_PATH = ".model-provenance/models";
const LIST_MAX_BYTES = 64 * 1024 * 1024;

/** Turns options into the request of the library. @throws {ProvenanceError} `OPTION_INVALID` */
export async function toImportRequest(options: Options): Promise<ImportRequest> {
  const { includePrivate, hubDownload, downloadPath = DEFAULT_DOWNLOAD_PATH, batchSize, hubConcurrency } = options;
  return {
    selection: await toSelection(options),
    ...(includePrivate && { allowPrivate: true }),
    ...(hubDownload && { download: downloadPath }),
    ...(batchSize !== undefined && { batchSize }),
    ...(hubConcurrency !== undefined && { concurrency: hubConcurrency }),
  };
}

async function toSelection(options: Options): Promise<ModelSelection> {
  const { hubModels, hubList, hubRandom, hubSeed, hubAuthor, hubSearch, task, hubLimit } = options;
  const isNamed = hubModels !== undefined || hubList !== undefined;
  if (isNamed && (hubRandom ?? hubAuthor ?? hubSearch ?? task) !== undefined) {
    const text = "HF_MODELS and HF_LIST name models: they go with no HF_RANDOM, HF_AUTHOR, HF_SEARCH or MODEL_TASK.";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  if (hubSeed !== undefined && hubRandom === undefined) {
    throw new ProvenanceError("OPTION_INVALID", "HF_SEED goes with HF_RANDOM: how many?");
  }
  if (isNamed) {
    const named = (hubModels ?? []).flatMap(splitList);
    return { models: [...named, ...(hubList === undefined ? [] : await readList(hubList))] };
  }
  return {
    ...(hubRandom !== undefined && { random: hubRandom, seed: hubSeed ?? "" }),
    ...(hubAuthor !== undefined && { author: hubAuthor }),
    ...(hubSearch !== undefined && { search: hubSearch }),
    ...(task !== undefined && { task }),
    ...(hubLimit !== undefined && { limit: hubLimit }),
  };
}

/** A model a line; empty lines and what follows # are left out. */
async function readList(path: string): Promise<string[]> {
  const bytes = await readGivenFile(path, { what: "HF_LIST", maxBytes: LIST_MAX_BYTES });
  const lines = bytes.toString("utf8").split(/\r?\n/);
  return lines.map((line) => line.replace(/#.*$/, "").trim()).filter((line) => line !== "");
}
