const WEIGHT_EXTENSIONS = [
  ".safetensors",
  ".gguf",
  ".onnx",
  ".onnx_data",
  ".bin",
  ".pt",
  ".pth",
  ".ckpt",
  ".h5",
  ".keras",
  ".tflite",
  ".pb",
  ".msgpack",
  ".npz",
];
const TRAINING_STATE = /^(training_args\.bin$|optimizer\.|scheduler\.|rng_state)/;

/** Tells whether a resource holds weights: by its extension or as part of a SavedModel's `variables/`, never training state. */
export function isWeightFile(name: string): boolean {
  const parts = name.split("/");
  const base = parts.at(-1) as string;
  if (TRAINING_STATE.test(base)) return false;
  if (parts.slice(0, -1).includes("variables")) return true;
  const lower = base.toLowerCase();
  return WEIGHT_EXTENSIONS.some((extension) => lower.endsWith(extension));
}
