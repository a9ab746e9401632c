import { parseFramework, parseMetric } from "../../metadata/read-statements.ts";
import { type Relation, RELATIONS, parseRelation } from "../../model/relation.ts";
import { everyday, invalid, list, option, readAddress, splitList, text, listOf } from "../../base/option.ts";

const MAX_BASIS_POINTS = 1000;

/** What is recorded of a model. */
export const RECORD_OPTIONS = {
  name: everyday(text("name", "MODEL_NAME", "name of the model")),
  description: text("description", "MODEL_DESCRIPTION", "a sentence or two about it"),
  externalUrl: text("external-url", "EXTERNAL_URL", "a page about it"),
  version: everyday(text("model-version", "MODEL_VERSION", "its version, for example 1.2.0")),
  license: everyday(text("license", "MODEL_LICENSE", "its licence, an SPDX expression")),
  framework: option(
    "framework",
    "MODEL_FRAMEWORK",
    'framework and version, for example "PyTorch 2.9.0"',
    parseFramework,
  ),
  task: text("task", "MODEL_TASK", "what it does, for example text-classification"),
  metrics: listOf("metrics", "MODEL_METRICS", "measured results, for example accuracy=0.93,f1=0.91", readMetrics),
  datasetCid: text("dataset-cid", "DATASET_CID", "where the training data can be had, as ipfs://…"),
  imagePath: text("image", "IMAGE_PATH", "a picture; else a model card is drawn"),
  bomPath: text("from-bom", "MODEL_BOM", "a CycloneDX ML-BOM: what it says is taken where no option says it"),
  parents: everyday(
    list("parent-model", "PARENT_MODEL", "what the model came from: token ids or paths of models, comma-separated"),
  ),
  relation: everyday({
    ...option("relation", "RELATION", `how it came from its parents: ${RELATIONS.join(", ")}`, readRelation),
    choices: RELATIONS,
  }),
  baseModels: list(
    "base-models",
    "BASE_MODELS",
    "base models outside the registry, comma-separated URIs, each with its digest behind # if known",
  ),
  royaltyBasisPoints: option(
    "royalty-bps",
    "ROYALTY_BPS",
    "royalty of this token in basis points, at most 1000",
    readBasisPoints,
  ),
  royaltyReceiver: option("royalty-receiver", "ROYALTY_RECEIVER", "who gets it; else the creator", readAddress),
} as const;

function readRelation(value: string, name: string): Relation {
  return parseRelation(value) ?? invalid(name, value, `one of ${RELATIONS.join(", ")}`);
}

function readMetrics(value: string, name: string): { name: string; value: number | string }[] {
  return splitList(value).map((part) => parseMetric(part) ?? invalid(name, part, "name=value, comma-separated"));
}

function readBasisPoints(value: string, name: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= MAX_BASIS_POINTS) return number;
  return invalid(name, value, `a whole number from 0 to ${MAX_BASIS_POINTS}: 100 basis points are one per cent`);
}
