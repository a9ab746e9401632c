import type { OptionName } from "../options.ts";
import { PINNING_OPTIONS } from "./pinning.ts";

/** Options that say which Hub is asked, and as whom. */
export const HUB_OPTIONS = ["hubEndpoint", "hubToken"] as const satisfies readonly OptionName[];
/** Options that say which models are meant. */
export const SELECTION_OPTIONS = [
  "hubModels",
  "hubList",
  "hubRandom",
  "hubSeed",
  "hubAuthor",
  "hubSearch",
  "task",
  "hubLimit",
] as const satisfies readonly OptionName[];

/** Options of `import`. */
export const IMPORT_OPTIONS = [
  ...SELECTION_OPTIONS,
  ...HUB_OPTIONS,
  "includePrivate",
  "hubDownload",
  "downloadPath",
  "batchSize",
  "hubConcurrency",
  "hubWatch",
  "importState",
  "modelsCsv",
  "chainFile",
  "registryAddress",
  "mintFrom",
  "statePath",
  "confirmations",
  "waitSeconds",
  "maxFee",
  "maxCost",
  ...PINNING_OPTIONS,
  "gateways",
  "offline",
  "dryRun",
  "yes",
  "format",
] as const satisfies readonly OptionName[];
