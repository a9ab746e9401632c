import { type ByteSource, type SourceFile, withSource } from "./byte-source.ts";
import { type FormatName, formatOfName, hasSignature, sniffPickle } from "./format-of.ts";
import { readGguf } from "./gguf.ts";
import type { GgufValue } from "./gguf-metadata.ts";
import { invalidHeader, namingFile } from "./header-error.ts";
import { readKeras } from "./keras.ts";
import { readNpz } from "./npz.ts";
import { readOnnx } from "./onnx.ts";
import { readSafetensors } from "./safetensors.ts";
import type { TensorEntry } from "./tensor.ts";

/** What the header of one file says. */
export interface FileHeader {
  readonly name: string;
  readonly format: FormatName;
  readonly tensors: readonly TensorEntry[];
  /** Loading the file may run code that is in it. */
  readonly isUnsafe: boolean;
  readonly architecture?: string;
  readonly framework?: { readonly name: string; readonly version?: string };
  /** Metadata of a GGUF file. */
  readonly gguf?: ReadonlyMap<string, GgufValue>;
}

type HeaderFacts = Partial<Omit<FileHeader, "name">>;

const MAX_TEXT = 256;

/**
 * Reads the header of one file of a model; pickles are recognised and never parsed.
 *
 * @returns undefined when the file's name says that it has no format we know
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`, `MODEL_UNREADABLE`, `MODEL_CHANGED`
 */
export async function readFileHeader(file: SourceFile): Promise<FileHeader | undefined> {
  const { name } = file;
  const format = formatOfName(name);
  if (format === undefined) return undefined;
  const facts = await namingFile(name, () => withSource(file, (source) => READERS[format](name, source)));
  return { name, format, tensors: [], isUnsafe: false, ...facts };
}

type Reader = (name: string, source: ByteSource) => Promise<HeaderFacts>;

const READERS: Readonly<Record<FormatName, Reader>> = {
  safetensors: async (name, source) => ({ tensors: (await readSafetensors(name, source)).tensors }),
  gguf: readGgufFacts,
  onnx: async (name, source) => {
    const { initializers, opsets } = await readOnnx(name, source);
    const opset = opsets.find(({ domain }) => domain === "" || domain === "ai.onnx");
    const version = opset && { version: `opset ${opset.version}` };
    return { tensors: initializers, framework: { name: "ONNX", ...version } };
  },
  keras: async (_, source) => {
    const { hasLambda, className, kerasVersion } = await readKeras(source);
    const version = kerasVersion === undefined ? {} : { version: kerasVersion.slice(0, 64) };
    return {
      isUnsafe: hasLambda,
      framework: { name: "Keras", ...version },
      ...(className !== undefined && { architecture: className }),
    };
  },
  npz: async (_, source) => {
    const { tensors, hasObjects } = await readNpz(source);
    return { tensors, isUnsafe: hasObjects };
  },
  hdf5: bySignature("hdf5"),
  tflite: bySignature("tflite"),
  msgpack: bySignature("msgpack"),
  "tf-saved-model": () => Promise.resolve({}),
  "pytorch-zip": readPickleFacts,
  pickle: readPickleFacts,
};

/** Whatever the first bytes look like: a loader that is given this name may unpickle it. */
async function readPickleFacts(_: string, source: ByteSource): Promise<HeaderFacts> {
  return { format: await sniffPickle(source), isUnsafe: true };
}

async function readGgufFacts(name: string, source: ByteSource): Promise<HeaderFacts> {
  const { tensors, metadata, version } = await readGguf(name, source);
  const architecture = metadata.get("general.architecture");
  return {
    tensors,
    gguf: metadata,
    framework: { name: "GGUF", version: String(version) },
    ...(typeof architecture === "string" && architecture.length <= MAX_TEXT && { architecture }),
  };
}

function bySignature(format: FormatName): Reader {
  return async (_, source) => {
    if (!(await hasSignature(format, source))) throw invalidHeader(`it does not begin as a ${format} file`);
    return {};
  };
}
