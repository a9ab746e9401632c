import { join, sep, resolve } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import type { PublisherState } from "../publish/journal/publisher-state.ts";
import { openStateFolder } from "../publish/journal/state-folder.ts";
import type { OptionValues } from "./options.ts";

const DEFAULT_STATE_PATH = ".model-provenance/state";

/**
 * Opens the state of what is published or changed.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if it lies in the model: every run would change the model's digest
 */
export function openState(options: OptionValues<"statePath">, modelPaths: readonly string[] = []): PublisherState {
  const path = pathOf(options);
  const holder = modelPaths.map((modelPath) => resolve(modelPath)).find((model) => isWithin(path, model));
  if (holder === undefined) return openStateFolder(path);
  const text = `The state ${path} lies in the model ${holder}. Set STATE_PATH to a folder elsewhere.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}

/** A file in the state that names it: no other state has the same name. */
export function nameOfState(options: OptionValues<"statePath">): string {
  return join(pathOf(options), "name");
}

function pathOf({ statePath = DEFAULT_STATE_PATH }: OptionValues<"statePath">): string {
  return resolve(statePath);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
