import { compareLicenses } from "../../metadata/license-terms.ts";
import type { Lineage, LineageBase, LineageEdge, LineageNode } from "../../registry/lineage/lineage-graph.ts";
import { toSvg } from "../../registry/lineage/to-svg.ts";
import { versionOf } from "../describe.ts";
import { type ExportedModel, type Relative, idOf } from "../exported-model.ts";
import { Markup } from "./markup.ts";

// A drawing of more cannot be read on paper; all of them stand in the lists.
const MAX_CHILDREN = 8;
const MAX_MODELS = 40;

/** Draws a model among those it came from and that came from it, as `lineage --svg` does; undefined where there are none. */
export function drawRelatives(model: ExportedModel): Markup | undefined {
  const lineage = toLineage(model);
  if (lineage.nodes.size + lineage.bases.length < 2 || lineage.nodes.size > MAX_MODELS) return undefined;
  return new Markup(toSvg(lineage, "right"));
}

function toLineage(model: ExportedModel): Lineage {
  const { id, metadata, parents, lineage } = model;
  const children = model.children.slice(0, MAX_CHILDREN);
  const above = lineage?.models ?? parents;
  const nodes = new Map<string, LineageNode>([[id, nodeOfModel(model)]]);
  for (const relative of [...above, ...children]) nodes.set(idOf(relative), nodeOf(relative));
  const links: readonly Link[] =
    lineage?.links ?? parents.map(({ relation, ...parent }) => ({ child: id, parent: idOf(parent), relation }));
  const below = children.map((child) => ({ ...child, parent: id, child: idOf(child) }));
  const endorsed = new Map(above.map((relative) => [idOf(relative), relative.endorsed]));
  const edges = [...links.map((link) => ({ endorsed: endorsed.get(link.parent), ...link })), ...below];
  const bases: LineageBase[] = (metadata.provenance.baseModels ?? []).map(({ uri, relation }) => {
    return { uri, relation, child: id };
  });
  return { start: id, nodes, edges: edges.map((edge) => toEdge(edge, nodes)), bases, gaps: [] };
}

interface Link extends Pick<LineageEdge, "parent" | "child"> {
  readonly relation: NonNullable<LineageEdge["relation"]>;
  readonly endorsed?: boolean | undefined;
}

function toEdge({ parent, child, relation, endorsed }: Link, nodes: ReadonlyMap<string, LineageNode>): LineageEdge {
  const [above, below] = [nodes.get(parent)?.model, nodes.get(child)?.model];
  return {
    parent,
    child,
    relation,
    ...(endorsed !== undefined && { endorsed }),
    ...(above && below && { drift: compareLicenses(above.license, below.license) }),
  };
}

function nodeOfModel(model: ExportedModel): LineageNode {
  const { registry, tokenId, record, metadata, status } = model;
  const version = versionOf(model);
  const known = { registry, tokenId, record: { ...record, status: status.word } };
  return nodeOf({ ...known, relation: record.relation, metadata, ...(version !== undefined && { version }) });
}

function nodeOf(relative: Relative & { readonly version?: string }): LineageNode {
  const { registry, tokenId, record, metadata } = relative;
  const version = relative.version ?? metadata?.provenance.version ?? "";
  return {
    key: idOf(relative),
    registry,
    tokenId: BigInt(tokenId),
    ...(record && { model: { ...record, version, owners: [] } }),
    ...(metadata && { name: metadata.name }),
  };
}
