import { basename, dirname, join } from "../base/posix-path.ts";
import { ProvenanceError } from "../base/errors.ts";
import { isPlainText } from "./file-kinds.ts";
import { type SourceFile, readBytes, withSource } from "./formats/byte-source.ts";
import { readOnnxLocations } from "./formats/onnx-locations.ts";
import { isObject, parsePythonJson } from "./formats/python-json.ts";
import { isRecordable } from "./left-out.ts";
import { isTrainingState, isWeightFile } from "./weights.ts";

/** Which files of a model hold its weights. */
export interface Weights {
  /** In the order of the files. */
  readonly files: readonly string[];
  /** The version of the rule by which they were found. */
  readonly rule: string;
  /** Files that are neither weights nor plain text: whether they hold weights cannot be said. */
  readonly opaque: readonly string[];
}

/** The version of the rule. 1 went by extensions alone. */
export const WEIGHTS_RULE = "2";

const INDEX = /(\.index|(^|\/)model|(^|\/)(tensor|ndarray)-cache)\.json$/;
const INDEX_MAX_BYTES = 64 * 1024 * 1024;
const TF_SHARD = /\.data-\d{5}-of-\d{5}$/;

/**
 * Finds the files that hold the weights of a model: those whose names say so, and every file that a header or an index names
 * as holding tensors, whatever it is called; never training state.
 *
 * @param files - of the model
 * @param mayOpen - tells of a file whether it may be opened to see what it names; any, where it is left out
 * @throws {ProvenanceError} `MODEL_UNSUPPORTED_ENTRY` where a file is named that is never part of a model, `MODEL_UNREADABLE`,
 *   `MODEL_CHANGED`
 */
export async function findWeights(
  files: readonly SourceFile[],
  mayOpen: (name: string) => boolean = () => true,
): Promise<Weights> {
  const named = new Set<string>();
  const names = new Set(files.map(({ name }) => name));
  for (const file of files) {
    for (const other of mayOpen(file.name) ? await namedBy(file, names) : []) {
      const path = join(dirname(file.name), other);
      if (!isRecordable(path)) throw refused(file.name, path);
      named.add(path);
    }
  }
  return sortOut([...names], (name) => isWeightFile(name) || (named.has(name) && !isTrainingState(name)));
}

/** Says by the names of a model's files alone which hold its weights. */
export function weightsByName(names: readonly string[]): Weights {
  return sortOut(names, isWeightFile);
}

function sortOut(names: readonly string[], isWeight: (name: string) => boolean): Weights {
  const files = names.filter(isWeight);
  const known = new Set(files);
  return { files, rule: WEIGHTS_RULE, opaque: names.filter((name) => !known.has(name) && !isPlainText(name)) };
}

/** The files that one file says hold tensors, relative to it. One that is malformed names none. */
async function namedBy(file: SourceFile, names: ReadonlySet<string>): Promise<Iterable<string>> {
  const { name } = file;
  if (TF_SHARD.test(name)) return namesOfCheckpoint(basename(name), dirname(name), names);
  try {
    if (/\.onnx$/i.test(name)) return await withSource(file, readOnnxLocations);
    if (INDEX.test(name)) return await readIndex(file);
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "MODEL_HEADER_INVALID") throw error;
  }
  return [];
}

/** The index and the graph of a TensorFlow checkpoint, whose shard was found. */
function namesOfCheckpoint(shard: string, folder: string, names: ReadonlySet<string>): string[] {
  const stem = shard.replace(TF_SHARD, "");
  return [`${stem}.index`, `${stem}.meta`].filter((name) => names.has(join(folder, name)));
}

/** `weight_map` of transformers, `weightsManifest` of TensorFlow.js, `records` of MLC. */
async function readIndex(file: SourceFile): Promise<string[]> {
  const bytes = await withSource(file, async (source) =>
    source.size > INDEX_MAX_BYTES ? undefined : await readBytes(source, 0, source.size),
  );
  const index = bytes && parsePythonJson(bytes, file.name);
  if (index === undefined) return [];
  const { weight_map: map, weightsManifest: groups, records } = index;
  const found: unknown[] = isObject(map) ? Object.values(map) : [];
  for (const group of Array.isArray(groups) ? (groups as unknown[]) : []) {
    if (isObject(group) && Array.isArray(group["paths"])) found.push(...(group["paths"] as unknown[]));
  }
  for (const record of Array.isArray(records) ? (records as unknown[]) : []) {
    if (isObject(record)) found.push(record["dataPath"]);
  }
  return [...new Set(found.filter((name) => typeof name === "string"))];
}

function refused(name: string, path: string): ProvenanceError {
  return new ProvenanceError(
    "MODEL_UNSUPPORTED_ENTRY",
    `${name} says that weights lie in ${JSON.stringify(path)}, which is never part of a model: its weights cannot be recorded.`,
  );
}
