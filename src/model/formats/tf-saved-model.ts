import type { Format } from "./format.ts";

/** The graph of a TensorFlow SavedModel; its weights lie in the folder `variables` beside. */
export const tfSavedModel = {
  name: "tf-saved-model",
  extensions: ["saved_model.pb"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "none",
  read: () => Promise.resolve({}),
} as const satisfies Format;
