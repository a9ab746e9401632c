import { toIsoTime } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { FormWriter, StatedDigest } from "../form.ts";
import { type Element, Graph } from "./graph.ts";
import { addAgents } from "./agents.ts";
import { addDatasets } from "./datasets.ts";
import { SPDX_FIELDS } from "./fields.ts";
import { addLineage } from "./lineage.ts";
import { addModel, isWholePackage } from "./model-package.ts";
import { addStatements } from "./statements.ts";

/**
 * Writes and reads back SPDX 3.0.1 as JSON-LD.
 *
 * @see https://spdx.github.io/spdx-spec/v3.0.1/
 */
export const SPDX_WRITER: FormWriter = {
  fields: SPDX_FIELDS,
  write: (model) => `${JSON.stringify(toDocument(model), null, 2)}\n`,
  readDocument: (bytes) => {
    const { "@graph": elements } = parse(bytes);
    // By the types of the elements, as the rows of the documentation name them.
    return Object.fromEntries(Map.groupBy(elements, ({ type }) => type));
  },
  readDigests: (bytes) =>
    parse(bytes)["@graph"].flatMap(({ type, name, verifiedUsing = [] }) => {
      if (type !== "software_File") return [];
      return verifiedUsing.map(({ hashValue }): StatedDigest => [String(name), hashValue]);
    }),
};

function toDocument(model: ExportedModel) {
  const graph = new Graph(model.id, toIsoTime(model.record.mintedAt));
  const agents = addAgents(model, graph);
  const root = addModel(model, graph, agents);
  addFiles(model, graph, root);
  const datasets = addDatasets(model, graph);
  graph.relate("trainedOn", root, datasets);
  addLineage(model, graph, root);
  addStatements(model, graph, root);
  const isWhole = isWholePackage(model);
  // A profile is claimed where all that it asks for is known.
  const profiles = ["core", "software", "simpleLicensing", "extension", ...(isWhole ? ["ai"] : [])];
  return graph.toJson({ name: model.metadata.name, rootElement: [root], profileConformance: profiles });
}

function addFiles({ resources }: ExportedModel, graph: Graph, root: string): void {
  const files = resources.map(({ name, sha256 }) =>
    graph.add("software_File", `File-${encodeURIComponent(name)}`, {
      name,
      verifiedUsing: [{ type: "Hash", algorithm: "sha256", hashValue: sha256 }],
    }),
  );
  graph.relate("contains", root, files, "complete");
}

function parse(bytes: Uint8Array): { readonly "@graph": readonly Element[] } {
  return JSON.parse(new TextDecoder().decode(bytes)) as { readonly "@graph": readonly Element[] };
}
