import { toIriReference } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import { readConsiderations } from "./considerations.ts";
import { toProperties } from "../properties.ts";

/** The model card: what the creator says of training, results and use. Nothing that was not said stands in it. */
export function describeCard(model: ExportedModel) {
  const { provenance } = model.metadata;
  const { task, modelArchitecture, metrics = [], trainingConfig = {}, parameters, tensors } = provenance;
  const datasets = listDatasets(model);
  const parametersOf = {
    ...(task !== undefined && { task }),
    ...(modelArchitecture !== undefined && { modelArchitecture }),
    ...(datasets.length > 0 && { datasets }),
  };
  const { considerations, rest } = readConsiderations(provenance.extensions ?? {});
  const prefixed = (prefix: string, values: object) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value as unknown]));
  const properties = toProperties({
    "parameters.total": parameters?.total,
    ...prefixed("parameters.byDtype", parameters?.byDtype ?? {}),
    "tensors.root": tensors?.root,
    "tensors.count": tensors?.count,
    ...prefixed("trainingConfig", trainingConfig),
    ...prefixed("extensions", rest),
  });
  return {
    "bom-ref": `${model.id}#model-card`,
    ...(Object.keys(parametersOf).length > 0 && { modelParameters: parametersOf }),
    ...(metrics.length > 0 && { quantitativeAnalysis: { performanceMetrics: metrics.map(toMetric) } }),
    ...(Object.keys(considerations).length > 0 && { considerations }),
    ...(properties.length > 0 && { properties }),
  };
}

type Metric = NonNullable<ExportedModel["metadata"]["provenance"]["metrics"]>[number];

function toMetric({ name, value, dataset, split }: Metric) {
  const slice = [dataset, split].filter((part) => part !== undefined).join(", ");
  return { type: name, value: String(value), ...(slice !== "" && { slice }) };
}

/** The data sets that are named, and the one whose digest or address stands in the record. */
function listDatasets({ metadata: { provenance }, record }: ExportedModel) {
  const { datasets = [], datasetCid } = provenance;
  const named = datasets.map(({ name, uri, digest }) => toDataset(name, uri, digest));
  const digest = BigInt(record.datasetDigest) === 0n ? undefined : record.datasetDigest;
  const isNamed = datasets.some((one) => one.digest !== undefined && one.digest === digest);
  if (isNamed || (digest === undefined && datasetCid === undefined)) return named;
  return [toDataset("training data", datasetCid, digest), ...named];
}

function toDataset(name: string, uri: string | undefined, digest: string | undefined) {
  const contents = {
    ...(uri !== undefined && { url: toIriReference(uri) }),
    ...(digest !== undefined && { properties: toProperties({ datasetDigest: digest }) }),
  };
  return { type: "dataset", name, ...(Object.keys(contents).length > 0 && { contents }) };
}
