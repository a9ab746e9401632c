import type { Statements } from "../metadata/build-provenance.ts";
import type { PublishRequest } from "../publish/prepare-model.ts";
import { type OptionValues, required } from "./options.ts";

/** Options that say what is recorded of a model: those of `pin` and `mint`. */
export const PUBLISH_OPTIONS = [
  "modelPath",
  "datasetPath",
  "datasetCid",
  "ignorePaths",
  "parents",
  "relation",
  "baseModels",
  "name",
  "description",
  "externalUrl",
  "version",
  "license",
  "framework",
  "task",
  "metrics",
  "imagePath",
  "royaltyBasisPoints",
  "royaltyReceiver",
] as const;

/** Turns options into the request of the library. */
export function toPublishRequest(
  options: OptionValues<(typeof PUBLISH_OPTIONS)[number]>,
  creator: string,
): PublishRequest {
  const { datasetPath, ignorePaths, parents, imagePath, baseModels, royaltyBasisPoints, royaltyReceiver } = options;
  const { relation, name, description, externalUrl, version, license, framework, task, metrics, datasetCid } = options;
  const statements: Statements = {
    ...pickDefined({
      relation,
      name,
      description,
      externalUrl,
      version,
      license,
      framework,
      task,
      metrics,
      datasetCid,
    }),
    ...(baseModels && { baseModels: baseModels.map((uri) => ({ uri })) }),
    ...(royaltyBasisPoints !== undefined && {
      royalty: { receiver: royaltyReceiver ?? creator, basisPoints: royaltyBasisPoints },
    }),
  };
  return {
    modelPath: required(options, "modelPath"),
    statements,
    ...pickDefined({ datasetPath, ignorePaths, parents, imagePath }),
  };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function pickDefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
