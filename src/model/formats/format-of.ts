import { type ByteSource, readBytes } from "./byte-source.ts";

/** A format of model files that is recognised. */
export type FormatName =
  | "safetensors"
  | "gguf"
  | "onnx"
  | "keras"
  | "hdf5"
  | "tf-saved-model"
  | "tflite"
  | "pytorch-zip"
  | "pickle"
  | "npz"
  | "msgpack";

// torch.load falls back to pickle for whatever it does not know, so these can always run code; also packed, and in parts.
const PICKLE =
  /\.(bin|pt|pth|th|ckpt|pk|pkl|pickle|joblib|dill|t7|mar|nemo|tar|tgz)(\.(gz|z|bz2|xz|lzma|zst|lz4|\d+))*$/i;
const BY_EXTENSION: readonly (readonly [RegExp, FormatName])[] = [
  [/\.safetensors$/i, "safetensors"],
  [/\.gguf$/i, "gguf"],
  [/\.onnx$/i, "onnx"],
  [/\.keras$/i, "keras"],
  [/\.(h5|hdf5)$/i, "hdf5"],
  [/\.tflite$/i, "tflite"],
  [/\.npz$/i, "npz"],
  [/\.msgpack$/i, "msgpack"],
  [/(^|\/)saved_model\.pb$/, "tf-saved-model"],
];
const SIGNATURES: Partial<Record<FormatName, readonly [offset: number, bytes: Buffer]>> = {
  hdf5: [0, Buffer.from("\x89HDF\r\n\x1a\n", "latin1")],
  tflite: [4, Buffer.from("TFL3", "latin1")],
};
const ZIP = Buffer.from("PK\x03\x04", "latin1");
const SIGNATURE_BYTES = 8;

/** Says by a file's name which format it claims to have; undefined when the name says nothing. */
export function formatOfName(name: string): FormatName | undefined {
  return PICKLE.test(name) ? "pickle" : BY_EXTENSION.find(([pattern]) => pattern.test(name))?.[1];
}

/** Tells by a file's name that loading it may run code, whatever lies in it. */
export function isPickleName(name: string): boolean {
  return formatOfName(name) === "pickle";
}

/** Tells by the first bytes what a file with a PyTorch name is: a zip of pickles, else a pickle as it must be assumed. */
export async function sniffPickle(source: ByteSource): Promise<FormatName> {
  return (await readStart(source)).subarray(0, ZIP.length).equals(ZIP) ? "pytorch-zip" : "pickle";
}

/** Tells whether a file of a format that is known by its signature alone has that signature. */
export async function hasSignature(format: FormatName, source: ByteSource): Promise<boolean> {
  const start = await readStart(source);
  if (format === "msgpack") return isMsgpackMap(start[0]);
  const [offset, bytes] = SIGNATURES[format] ?? [0, Buffer.alloc(0)];
  return start.subarray(offset, offset + bytes.length).equals(bytes);
}

/** A Flax checkpoint is one map: fixmap, map 16 or map 32. */
function isMsgpackMap(first: number | undefined): boolean {
  return first !== undefined && ((first >= 0x80 && first <= 0x8f) || first === 0xde || first === 0xdf);
}

async function readStart(source: ByteSource): Promise<Buffer> {
  return readBytes(source, 0, Math.min(SIGNATURE_BYTES, source.size));
}
