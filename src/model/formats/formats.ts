import { coreml } from "./coreml.ts";
import type { Format } from "./format.ts";
import { ggml } from "./ggml.ts";
import { gguf } from "./gguf.ts";
import { hdf5 } from "./hdf5.ts";
import { keras } from "./keras.ts";
import { msgpack } from "./msgpack.ts";
import { npz } from "./npz.ts";
import { onnx } from "./onnx.ts";
import { pickle, pytorchZip } from "./pickle.ts";
import { safetensors } from "./safetensors.ts";
import { tfSavedModel } from "./tf-saved-model.ts";
import { tflite } from "./tflite.ts";

/** Every format of model files that is recognised. A model that is there in several is counted once, in the first that lists tensors. */
export const FORMATS = [
  safetensors,
  gguf,
  onnx,
  keras,
  hdf5,
  tfSavedModel,
  tflite,
  pytorchZip,
  pickle,
  npz,
  msgpack,
  ggml,
  coreml,
] as const;

/** The name of one of {@link FORMATS}. */
export type FormatName = (typeof FORMATS)[number]["name"];

export type { Format } from "./format.ts";

const ALL: readonly Format[] = FORMATS;
const PACKING = /(\.(gz|z|bz2|xz|lzma|zst|lz4|\d+))+$/;

/** The names of the formats whose headers list tensors, in the order in which they are preferred. */
export const TENSOR_FORMATS = namesOf(({ holdsTensors }) => holdsTensors !== "none");
/** The names of the formats whose tensors can be digested. */
export const DIGESTED_FORMATS = namesOf(({ holdsTensors }) => holdsTensors === "raw");

/** Finds a format by its name. */
export function formatNamed(name: string): Format | undefined {
  return ALL.find((format) => format.name === name);
}

/** Says by a file's name which format it claims to have; undefined when the name says nothing. */
export function formatOf(name: string): Format | undefined {
  const base = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const unpacked = base.replace(PACKING, "");
  return ALL.find(({ extensions, isPacked }) => {
    const wanted = isPacked === true ? unpacked : base;
    return extensions.some((end) => (end.startsWith(".") ? wanted.endsWith(end) : wanted === end));
  });
}

/** The name of the format that a file's name claims. */
export function formatOfName(name: string): FormatName | undefined {
  return formatOf(name)?.name as FormatName | undefined;
}

/** Tells by a file's name that loading it may run code, whatever lies in it. */
export function isPickleName(name: string): boolean {
  return formatOf(name)?.mayRunCode === "always";
}

function namesOf(filter: (format: Format) => boolean): readonly FormatName[] {
  return ALL.filter(filter).map(({ name }) => name as FormatName);
}
