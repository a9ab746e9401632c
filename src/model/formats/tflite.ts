import type { Format } from "./format.ts";
import { readBySignature } from "./signature.ts";

/** TensorFlow Lite, now LiteRT: a FlatBuffer with the identifier `TFL3`. */
export const tflite = {
  name: "tflite",
  extensions: [".tflite"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "none",
  read: readBySignature("tflite", (start) => start.toString("latin1", 4, 8) === "TFL3"),
} as const satisfies Format;
