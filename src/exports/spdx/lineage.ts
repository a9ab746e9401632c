import { metadataUri, toIriReference, toIsoTime } from "../describe.ts";
import { type ExportedModel, type Relative, idOf, nameOf } from "../exported-model.ts";
import { toProperties } from "../properties.ts";
import type { Graph } from "./graph.ts";
import { addLicense } from "./model-package.ts";

/** Adds what the model came from: its parents, or all ancestors where these were read, and base models outside of registries. */
export function addLineage({ id, parents, lineage, metadata }: ExportedModel, graph: Graph, root: string): void {
  const models = new Map<string, string>([[id, root]]);
  for (const relative of lineage?.models ?? parents)
    models.set(idOf(relative), addRelative(relative, graph, models.size));
  const links = lineage?.links ?? parents.map((parent) => ({ child: id, parent: idOf(parent) }));
  for (const child of new Set(links.map((link) => link.child))) {
    const above = links.filter((link) => link.child === child).map(({ parent }) => models.get(parent));
    const from = models.get(child);
    if (from !== undefined)
      graph.relate(
        "descendantOf",
        from,
        above.filter((one) => one !== undefined),
      );
  }
  const bases = (metadata.provenance.baseModels ?? []).map(({ uri, relation, digest }, i) =>
    graph.add("ai_AIPackage", `Base-${i + 1}`, {
      name: uri,
      software_primaryPurpose: "model",
      software_downloadLocation: toIriReference(uri),
      extension: [toExtension({ relation, modelDigest: digest })],
    }),
  );
  graph.relate("descendantOf", root, bases);
}

function addRelative(relative: Relative, graph: Graph, number: number): string {
  const { record, metadata, relation, endorsed, tokenId, registry } = relative;
  const version = metadata?.provenance.version;
  const part = `Ancestor-${number}`;
  const added = graph.add("ai_AIPackage", part, {
    name: nameOf(relative),
    software_primaryPurpose: "model",
    ...(version !== undefined && { software_packageVersion: version }),
    ...(record && { releaseTime: toIsoTime(record.mintedAt) }),
    externalIdentifier: [
      {
        type: "ExternalIdentifier",
        externalIdentifierType: "other",
        identifier: idOf(relative),
        ...(record && { identifierLocator: [metadataUri({ record })] }),
      },
    ],
    extension: [toExtension({ relation, endorsed, tokenId, registry, status: record?.status })],
  });
  if (record !== undefined) addLicense(record.license, graph, added, `${part}-License`);
  return added;
}

function toExtension(values: Readonly<Record<string, unknown>>): object {
  return {
    type: "extension_CdxPropertiesExtension",
    extension_cdxProperty: toProperties(values).map(({ name, value }) => ({
      type: "extension_CdxPropertyEntry",
      extension_cdxPropName: name,
      extension_cdxPropValue: value,
    })),
  };
}
