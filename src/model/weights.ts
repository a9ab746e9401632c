import { fileKinds, hasEnding } from "./file-kinds.ts";
import { formatOf } from "./formats/formats.ts";

const TRAINING_STATE = new RegExp(fileKinds.trainingState.names);
const TRAINING_FOLDER = new RegExp(fileKinds.trainingState.folders);
const SHARD = new RegExp(fileKinds.weights.shard, "i");

/** Tells whether a file is what a trainer keeps to go on: optimizer, scheduler, random state, its checkpoints. */
export function isTrainingState(name: string): boolean {
  const parts = name.split("/");
  return (
    TRAINING_STATE.test(parts.at(-1) as string) || parts.slice(0, -1).some((folder) => TRAINING_FOLDER.test(folder))
  );
}

/**
 * Tells by its name whether a file holds weights: of a format that does, under another name that weights have, as a shard, or
 * in the folder `variables` of a SavedModel; never training state.
 */
export function isWeightFile(name: string): boolean {
  if (isTrainingState(name)) return false;
  const { endings, folders } = fileKinds.weights;
  if (
    name
      .split("/")
      .slice(0, -1)
      .some((folder) => folders.includes(folder))
  )
    return true;
  return formatOf(name)?.isWeight === true || hasEnding(name, endings) || SHARD.test(name);
}
