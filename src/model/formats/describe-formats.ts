import { ProvenanceError } from "../../base/errors.ts";
import { type SourceFile, withSource } from "./byte-source.ts";
import { type FileHeader, readFileHeader } from "./file-headers.ts";
import { type FormatName, TENSOR_FORMATS, formatOfName } from "./formats.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { type ParameterCount, countParameters } from "./parameters.ts";
import { readParts } from "./parts.ts";
import { type ModelTensors, selectTensors } from "./select-tensors.ts";
import { type Quantization, quantizationOfConfig, quantizationOfGguf } from "./quantization.ts";
import { type ShardList, assertGgufShards, readShardList } from "./shards.ts";
import { assertTensorCount } from "./tensor.ts";
import { isUnsafeWith } from "./unsafe-serialization.ts";

/** What the headers of a model's files say. */
export interface ModelDescription {
  /** The formats found, in alphabetical order. */
  readonly formats: readonly FormatName[];
  /** The model's tensors, of one format where it is there in several. */
  readonly tensors: ModelTensors["tensors"];
  readonly tensorFormat?: FormatName;
  /** Why the tensors are not those of one model, where they are not; then nothing is counted. */
  readonly ambiguity?: string;
  readonly parameters?: ParameterCount;
  readonly quantization?: Quantization;
  /** Names of the files that may run code when they are loaded. */
  readonly unsafeSerialization: readonly string[];
  readonly architecture?: string;
  readonly framework?: FileHeader["framework"];
  /** What is odd in the files, or not counted: a sentence each. */
  readonly warnings: readonly string[];
}

/** Options of {@link describeFormats}. */
export interface DescribeFormatsOptions {
  /**
   * Called for each malformed file, which is then left out; if the tensors could be in it, they are left out as
   * well. Without it the first such file throws.
   */
  readonly onInvalid?: (error: ProvenanceError) => void;
}

/**
 * Reads the headers of all files of a model: formats, tensors, parameter counts, quantisation, and which files
 * may run code. Weights are not read, and memory is bounded whatever the files claim.
 *
 * @param files - the files of the model; names are relative to its root
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`, `MODEL_UNREADABLE`, `MODEL_CHANGED`
 * @example
 * const { parameters } = await describeFormats([fileSource("model.gguf", "./my-model/model.gguf")]);
 */
export async function describeFormats(
  files: readonly SourceFile[],
  options: DescribeFormatsOptions = {},
): Promise<ModelDescription> {
  const malformed = new Set<FormatName | undefined>();
  const attempt: Attempt = async (format, read) => {
    try {
      return await read();
    } catch (error) {
      if (options.onInvalid === undefined || !isInvalidHeader(error)) throw error;
      options.onInvalid(error);
      malformed.add(format);
      return undefined;
    }
  };
  const headers = await readHeaders(files, attempt);
  const warnings = [...headers.values()].flatMap(({ name, warnings = [] }) =>
    warnings.map((text) => `${name}: ${text}`),
  );
  const warn = (text: string) => void warnings.push(text);
  const shardLists = await readShards(files, headers, attempt, warn);
  const selected = selectTensors([...headers.values()], shardLists, await readParts(files), warn);
  const { format, ambiguity } = selected;
  const candidates = TENSOR_FORMATS.slice(0, TENSOR_FORMATS.indexOf(format as FormatName) + 1);
  const tensors = candidates.some((candidate) => malformed.has(candidate)) ? [] : selected.tensors;
  const parameters = ambiguity === undefined ? countParameters(tensors) : undefined;
  const quantization = await findQuantization(files, selected);
  const unsafe: string[] = [];
  for (const file of files) if (await isUnsafeWith(file, headers.get(file.name))) unsafe.push(file.name);
  return {
    formats: [...new Set([...headers.values()].map((header) => header.format))].sort(),
    tensors,
    ...(tensors.length > 0 && format !== undefined && { tensorFormat: format }),
    ...(ambiguity !== undefined && { ambiguity }),
    ...(parameters && { parameters }),
    ...(quantization && { quantization }),
    ...originOf([...headers.values()], selected),
    unsafeSerialization: unsafe,
    warnings,
  };
}

/** Runs a reader of files of a format, and notes where one is malformed. */
type Attempt = <T>(format: FormatName | undefined, read: () => Promise<T>) => Promise<T | undefined>;

async function readHeaders(files: readonly SourceFile[], attempt: Attempt): Promise<Map<string, FileHeader>> {
  const headers = new Map<string, FileHeader>();
  let count = 0;
  for (const file of files) {
    await attempt(formatOfName(file.name), async () => {
      const header = await readFileHeader(file);
      if (header === undefined) return;
      assertTensorCount(count + header.tensors.length);
      count += header.tensors.length;
      headers.set(file.name, header);
    });
  }
  return headers;
}

async function readShards(
  files: readonly SourceFile[],
  headers: ReadonlyMap<string, FileHeader>,
  attempt: Attempt,
  warn: (text: string) => void,
): Promise<ShardList[]> {
  const lists: ShardList[] = [];
  for (const file of files) {
    const list = await attempt("safetensors", () => readShardList(file, headers, warn));
    if (list !== undefined) lists.push(list);
  }
  await attempt("gguf", () => Promise.resolve(assertGgufShards(headers)));
  await attempt("onnx", () => assertExternalData(files, headers));
  return lists;
}

/** External data of an ONNX model must lie within its file; a file that is not part of the model cannot be checked. */
async function assertExternalData(
  files: readonly SourceFile[],
  headers: ReadonlyMap<string, FileHeader>,
): Promise<void> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const sizes = new Map<string, number>();
  for (const { name, format, tensors } of headers.values()) {
    if (format !== "onnx") continue;
    for (const { name: tensor, place } of tensors) {
      const file = byName.get(place?.file ?? "");
      if (place === undefined || file === undefined || place.file === name) continue;
      const size = sizes.get(file.name) ?? (await withSource(file, (source) => Promise.resolve(source.size)));
      sizes.set(file.name, size);
      if (place.offset + place.length <= size) continue;
      throw invalidHeader(`${name}: the data of ${quote(tensor)} ends beyond ${quote(file.name)} (${size} bytes)`);
    }
  }
}

async function findQuantization(
  files: readonly SourceFile[],
  { format, headers }: ModelTensors,
): Promise<Quantization | undefined> {
  if (format === "gguf") return headers.map(quantizationOfGguf).find((quantization) => quantization !== undefined);
  const config = files.find(({ name }) => name === "config.json");
  return config && quantizationOfConfig(config);
}

/** Architecture and framework: of the files that the tensors came from, the model before its parts; else of any that says them. */
function originOf(all: readonly FileHeader[], { format, headers }: ModelTensors) {
  const candidates = format === undefined ? all.filter(({ tensors }) => tensors.length === 0) : headers;
  const isPart = ({ gguf }: FileHeader) => gguf?.get("general.type") === "mmproj";
  const [whole, parts] = [candidates.filter((header) => !isPart(header)), candidates.filter(isPart)];
  const ordered = [...whole, ...parts];
  const architecture = ordered.find((header) => header.architecture !== undefined)?.architecture;
  const framework = ordered.find((header) => header.framework !== undefined)?.framework;
  return { ...(architecture !== undefined && { architecture }), ...(framework && { framework }) };
}

function isInvalidHeader(error: unknown): error is ProvenanceError {
  return error instanceof ProvenanceError && error.code === "MODEL_HEADER_INVALID";
}
