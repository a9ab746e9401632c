import { sep, resolve } from "node:path";
import { ProvenanceError } from "../errors.ts";
import { type PublisherState, openStateFolder } from "../state/publisher-state.ts";
import { type OptionValues, required } from "./options.ts";

const DEFAULT_STATE_PATH = ".model-provenance/state";

/**
 * Opens the state of publishing.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if it lies in the model: every run would change the model's digest
 */
export function openState(options: OptionValues<"statePath" | "modelPath">): PublisherState {
  const path = resolve(options.statePath ?? DEFAULT_STATE_PATH);
  const model = resolve(required(options, "modelPath"));
  if (path === model || path.startsWith(`${model}${sep}`)) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `The state ${path} lies in the model. Set STATE_PATH to a folder elsewhere.`,
    );
  }
  return openStateFolder(path);
}
