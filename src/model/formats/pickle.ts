import { Buffer } from "buffer";
import { type ByteSource, readBytes } from "./byte-source.ts";
import type { Format, HeaderFacts } from "./format.ts";
import { isCoremlBlob } from "./coreml.ts";
import { isGgml } from "./ggml.ts";
import { unpicklesToCall } from "./unpickler.ts";

const START_BYTES = 64;
const ZIP = Buffer.from("PK\x03\x04", "latin1");
const SHARED_NAME = /\.bin$/i;

/** torch.load falls back to pickle for whatever it does not know, so these can always run code; they are never parsed. */
export const pickle = {
  name: "pickle",
  extensions: [
    ".bin",
    ".pt",
    ".pth",
    ".th",
    ".ckpt",
    ".pk",
    ".pkl",
    ".pickle",
    ".joblib",
    ".dill",
    ".t7",
    ".mar",
    ".nemo",
    ".tar",
    ".tgz",
  ],
  isPacked: true,
  isWeight: true,
  mayRunCode: "always",
  holdsTensors: "none",
  read: (name, source) => readPickle(name, source),
} as const satisfies Format;

/** What torch.save writes: a zip of pickles, under a pickle's name. */
export const pytorchZip = { ...pickle, name: "pytorch-zip", extensions: [] } as const satisfies Format;

/** Tells what a file with a pickle's name is by its first bytes: whatever they look like, a loader may unpickle it. */
async function readPickle(name: string, source: ByteSource): Promise<HeaderFacts> {
  const start = await readBytes(source, 0, Math.min(START_BYTES, source.size));
  // Two other programs use this name, for what no unpickler follows.
  const other = !SHARED_NAME.test(name)
    ? undefined
    : isGgml(start)
      ? "ggml"
      : isCoremlBlob(start)
        ? "coreml"
        : undefined;
  if (other !== undefined && !(await unpicklesToCall(source))) return { format: other, isUnsafe: false };
  return { format: start.subarray(0, ZIP.length).equals(ZIP) ? "pytorch-zip" : "pickle", isUnsafe: true };
}
