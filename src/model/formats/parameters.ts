import { posix } from "node:path";
import { type FormatName, TENSOR_FORMATS } from "./formats.ts";
import type { FileHeader } from "./file-headers.ts";
import { assertTensorCount, type TensorEntry } from "./tensor.ts";

/** How many parameters a model has, in all and by dtype. */
export interface ParameterCount {
  readonly total: number;
  readonly byDtype: Record<string, number>;
}

/** The tensors of a model, each once. */
export interface ModelTensors {
  /** The format they were read from; undefined when there are none. */
  readonly format?: FormatName;
  /** Names are those of the headers, behind the file's folder where it lies in one: `unet/conv_in.weight`. */
  readonly tensors: readonly TensorEntry[];
  /** Why they are not one model: files that are alternatives to each other hold tensors of the same name. */
  readonly ambiguity?: string;
}

/**
 * Chooses among the files of a model those whose tensors are the model: of one format, and where a folder has a
 * list of shards only what it lists.
 *
 * @param shardLists - what each list of shards names
 */
export function selectTensors(
  headers: readonly FileHeader[],
  shardLists: readonly (readonly string[])[],
): ModelTensors {
  const format = TENSOR_FORMATS.find((wanted) =>
    headers.some((header) => header.format === wanted && header.tensors.length > 0),
  );
  if (format === undefined) return { tensors: [] };
  const listed = new Set(shardLists.flat());
  const foldersWithList = new Set([...listed].map((name) => posix.dirname(name)));
  const chosen = headers.filter(({ name, format: own }) => {
    if (own !== format) return false;
    return format !== "safetensors" || listed.has(name) || !foldersWithList.has(posix.dirname(name));
  });

  const files = new Map<string, string>();
  const tensors: TensorEntry[] = [];
  let ambiguity: string | undefined;
  for (const header of chosen) {
    const folder = posix.dirname(header.name);
    assertTensorCount(tensors.length + header.tensors.length);
    for (const tensor of header.tensors) {
      const name = folder === "." ? tensor.name : `${folder}/${tensor.name}`;
      const other = files.get(name);
      if (other !== undefined) ambiguity ??= `${JSON.stringify(name)} stands in ${other} and in ${header.name}`;
      files.set(name, header.name);
      tensors.push({ ...tensor, name });
    }
  }
  return { format, tensors, ...(ambiguity !== undefined && { ambiguity }) };
}

/**
 * Counts parameters as the headers declare them: the product of each shape. Packed formats (GPTQ, AWQ,
 * bitsandbytes) declare the packed tensors, and those are counted.
 *
 * @returns undefined when there are none, or more than a safe integer holds
 */
export function countParameters(tensors: readonly TensorEntry[]): ParameterCount | undefined {
  const byDtype = new Map<string, number>();
  let total = 0;
  for (const { dtype, elements } of tensors) {
    byDtype.set(dtype, (byDtype.get(dtype) ?? 0) + elements);
    total += elements;
    // Every sum before was safe and so is every element count: the first unsafe sum is seen here.
    if (!Number.isSafeInteger(total)) return undefined;
  }
  return tensors.length === 0 ? undefined : { total, byDtype: Object.fromEntries(byDtype) };
}
