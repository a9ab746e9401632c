import { uuidOf, toIsoTime } from "../describe.ts";
import { type ExportedModel, idOf } from "../exported-model.ts";
import type { FormWriter, StatedDigest } from "../form.ts";
import { annotate } from "./annotations.ts";
import { describeFramework, describeModel, describeRelative } from "./components.ts";
import { CYCLONEDX_FIELDS } from "./fields.ts";

/** Writes and reads back CycloneDX. */
export const CYCLONEDX_WRITER: FormWriter = {
  fields: CYCLONEDX_FIELDS,
  write: (model, { spec = "1.7" }) => `${JSON.stringify(toBom(model, spec), null, 2)}\n`,
  readDigests,
};

const FILE = "file:";

/** @see https://cyclonedx.org/docs/1.7/json/ */
function toBom(model: ExportedModel, spec: string) {
  const { id, record, resources, statements, status, lineage } = model;
  const ancestors = (lineage?.models ?? []).map((relative) => describeRelative(relative));
  const framework = describeFramework(model);
  const files = resources.map(({ name, size, sha256 }) => ({
    type: "file",
    "bom-ref": `${FILE}${encodeURIComponent(name)}`,
    name,
    hashes: [{ alg: "SHA-256", content: sha256 }],
    properties: [{ name: "model-provenance:size", value: String(size) }],
  }));
  const annotations = annotate(model);
  return {
    $schema: `http://cyclonedx.org/schema/bom-${spec}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion: spec,
    serialNumber: `urn:uuid:${uuidOf(id)}`,
    // What was said of the model since is in it, too: each statement makes another version of the same BOM.
    version: 1 + statements.length,
    metadata: {
      timestamp: toIsoTime(record.mintedAt),
      ...(status.word === "revoked" && { lifecycles: [{ phase: "decommission" }] }),
      tools: { components: [{ type: "application", name: "model-provenance-nft" }] },
      component: describeModel(model),
    },
    components: [...files, ...(framework ? [framework] : []), ...ancestors],
    dependencies: toDependencies(model, framework?.["bom-ref"]),
    ...(annotations.length > 0 && { annotations }),
  };
}

/** Who needs whom: the model its framework, and, where all ancestors are listed, every model those that it was made from. */
function toDependencies({ id, lineage }: ExportedModel, framework: string | undefined) {
  const parentsOf = (child: string) => {
    return lineage?.links.flatMap((link) => (link.child === child ? [link.parent] : [])) ?? [];
  };
  const below =
    lineage?.models.map((relative) => ({ ref: idOf(relative), dependsOn: parentsOf(idOf(relative)) })) ?? [];
  const own = { ref: id, dependsOn: [...(framework === undefined ? [] : [framework]), ...parentsOf(id)] };
  return [own, ...below].map(({ ref, dependsOn }) => (dependsOn.length > 0 ? { ref, dependsOn } : { ref }));
}

function readDigests(bytes: Uint8Array): StatedDigest[] {
  const { components } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ReturnType<typeof toBom>>;
  return (components ?? []).flatMap((component) => {
    if (component.type !== "file" || !("hashes" in component)) return [];
    return component.hashes.map(({ content }): StatedDigest => [component.name, content]);
  });
}
