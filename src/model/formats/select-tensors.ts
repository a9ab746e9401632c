import { basename, dirname } from "../../base/posix-path.ts";
import { isTrainingState } from "../weights.ts";
import type { FileHeader } from "./file-headers.ts";
import { type FormatName, TENSOR_FORMATS } from "./formats.ts";
import known from "./parts.json" with { type: "json" };
import type { ShardList } from "./shards.ts";
import { assertTensorCount, type TensorEntry } from "./tensor.ts";

/** The tensors of a model, each once. */
export interface ModelTensors {
  /** The format they were read from; undefined when there are none. */
  readonly format?: FormatName;
  /** Names are those of the headers, behind the file's folder where it lies in one: `unet/conv_in.weight`. */
  readonly tensors: readonly TensorEntry[];
  /** The headers that they stand in. */
  readonly headers: readonly FileHeader[];
  /** Why they are not one model: files that are alternatives to each other hold tensors of the same name. */
  readonly ambiguity?: string;
}

// Mistral's own form of a model, which lies beside that of transformers with other names for the same tensors.
const SECOND_FORM = /^consolidated[.-]/;
// What a GGUF file that is no model says it is. @see gguf 0.19, constants.py (GGUFType)
const NO_MODEL = new Set<unknown>(["imatrix"]);
const BESIDE_MODEL = new Set<unknown>(["adapter"]);

/**
 * Chooses among the files of a model those whose tensors are the model: of one format, and where a folder has a list of shards
 * only what it lists. Training state is none of it, and of two forms of the same model one is taken.
 *
 * @param shardLists - what each list of shards places where
 * @param parts - folders that are parts of one model, so that tensors of equal names in them are different ones
 * @param warn - called with a sentence about what is left out
 */
export function selectTensors(
  headers: readonly FileHeader[],
  shardLists: readonly ShardList[],
  parts: ReadonlySet<string>,
  warn: (text: string) => void,
): ModelTensors {
  const withTensors = headers.filter(({ tensors }) => tensors.length > 0);
  const models = withTensors.filter((header) => !isTrainingState(header.name) && !NO_MODEL.has(typeOf(header)));
  const format = TENSOR_FORMATS.find((wanted) => models.some((header) => header.format === wanted));
  const ofFormat = models.filter((header) => header.format === format);
  const chosen = ofFormat.filter((header) => !isSecond(header, ofFormat));
  const left = withTensors.filter((header) => header.format === (format ?? header.format) && !chosen.includes(header));
  if (left.length > 0)
    warn(`${left.map(({ name }) => name).join(", ")}: not counted, no part of the model or another form of it`);
  if (format === undefined) return { tensors: [], headers: [] };

  const placing = placeByList(
    shardLists.filter(({ name }) => !SECOND_FORM.test(basename(name)) || shardLists.length === 1),
  );
  const files = new Map<string, FileHeader>();
  const tensors: TensorEntry[] = [];
  let ambiguity: string | undefined;
  for (const header of chosen) {
    const folder = dirname(header.name);
    const own = header.tensors.filter(({ name }) => placing(header.name, name));
    assertTensorCount(tensors.length + own.length);
    for (const tensor of own) {
      const other = files.get(tensor.name);
      if (other !== undefined && !areParts(folder, dirname(other.name), parts)) {
        ambiguity ??= `${JSON.stringify(tensor.name)} stands in ${other.name} and in ${header.name}`;
      }
      files.set(tensor.name, header);
      tensors.push({ ...tensor, name: folder === "." ? tensor.name : `${folder}/${tensor.name}` });
    }
  }
  return { format, tensors, headers: chosen, ...(ambiguity !== undefined && { ambiguity }) };
}

/** Tells of a file and a tensor in it whether the lists of shards take the tensor from there. */
function placeByList(lists: readonly ShardList[]): (file: string, tensor: string) => boolean {
  const stale = new Set(lists.flatMap(({ isStale, placed }) => (isStale ? [...placed.values()] : [])));
  const placedIn = new Map<string, Set<string>>();
  for (const { placed } of lists.filter(({ isStale }) => !isStale)) {
    for (const [tensor, file] of placed) {
      const inFile = placedIn.get(file);
      if (inFile === undefined) placedIn.set(file, new Set([tensor]));
      else inFile.add(tensor);
    }
  }
  const folders = new Set(Array.from(placedIn.keys(), (name) => dirname(name)));
  return (file, tensor) => placedIn.get(file)?.has(tensor) ?? (!folders.has(dirname(file)) && !stale.has(file));
}

/** Tells of a file that another of its folder holds the model that it stands for, or is applied to. */
function isSecond(header: FileHeader, others: readonly FileHeader[]): boolean {
  const folder = dirname(header.name);
  const beside = others.filter((other) => other !== header && dirname(other.name) === folder);
  if (BESIDE_MODEL.has(typeOf(header))) return beside.some((other) => !BESIDE_MODEL.has(typeOf(other)));
  if (header.format !== "safetensors" || !SECOND_FORM.test(basename(header.name))) return false;
  return beside.some(({ name }) => !SECOND_FORM.test(basename(name)));
}

function typeOf({ gguf }: FileHeader): unknown {
  return gguf?.get("general.type");
}

function areParts(a: string, b: string, parts: ReadonlySet<string>): boolean {
  if (a === b) return false;
  const isKnown = (folder: string) => known.components.includes(basename(folder));
  return (parts.has(a) && parts.has(b)) || (isKnown(a) && isKnown(b) && dirname(a) === dirname(b));
}
