import { fileKinds } from "../../src/model/file-kinds.ts";
import { WEIGHTS_RULE } from "../../src/model/find-weights.ts";
import { type Format, FORMATS } from "../../src/model/formats/formats.ts";
import leftOut from "../../src/model/left-out.json" with { type: "json" };

/** Where the check in Python reads the rules about file names. */
export const PYTHON_RULES = new URL("../../python/model_provenance.json", import.meta.url);

/** The rules about file names as data: what model_provenance.py reads in place of rules of its own. */
export function pythonRules(): object {
  const weights = (FORMATS as readonly Format[]).filter(({ isWeight }) => isWeight);
  const endings = (isPacked: boolean, isName: boolean) =>
    weights
      .filter((format) => (format.isPacked ?? false) === isPacked)
      .flatMap(({ extensions }) => extensions.filter((end) => end.startsWith(".") !== isName));
  return {
    about:
      "Made by npm run make:schema from the list of formats, src/model/file-kinds.json and src/model/left-out.json.",
    leftOut: { top: leftOut.top, downloads: leftOut.downloads, sharedBlobs: leftOut.sharedBlobs },
    weights: {
      rule: WEIGHTS_RULE,
      endings: [...endings(false, false), ...fileKinds.weights.endings],
      names: endings(false, true),
      packedEndings: endings(true, false),
      folders: fileKinds.weights.folders,
      shard: fileKinds.weights.shard,
    },
    trainingState: fileKinds.trainingState,
  };
}
