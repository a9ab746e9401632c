import { toHex32 } from "../../base/hex.ts";
import { summarizeTrade } from "../market/describe-trade.ts";
import { describeClaim, nameAccount } from "../publishers/publisher.ts";
import type { Lineage, LineageBase, LineageEdge, LineageNode } from "./lineage-graph.ts";

/** What is shown of a model in a lineage, in words; texts of strangers among them. */
export interface NodeDescription {
  /** What its metadata call it; empty where they could not be read. */
  readonly name: string;
  /** The first and last digits of the token id. */
  readonly id: string;
  readonly version: string;
  readonly license: string;
  /** Empty for a model that is not known here. */
  readonly status: string;
  /** The name of who is behind the account, where it holds, and the account. */
  readonly creator: string;
  /** What the creator is said to be, and that does not hold, or is not known. */
  readonly unproven: string;
  /** Where it is, for a model of another registry than the one asked for. */
  readonly elsewhere: string;
  /** How often it changed hands after it was minted. */
  readonly transfers: number;
  /** What is offered and sold of it; empty where nothing, or where no market was asked. */
  readonly trade: string;
}

/** Describes a model. @param home - the registry that needs no mention */
export function describeNode(
  { tokenId, registry, model, name, publisher, trade }: LineageNode,
  home: string,
): NodeDescription {
  return {
    name: name ?? "",
    id: shorten(toHex32(tokenId)),
    version: model?.version ?? "",
    license: model === undefined ? "" : model.license || "no licence",
    status: model?.status ?? "",
    creator: model === undefined ? "" : nameAccount(shorten(model.creator), publisher),
    unproven: publisher?.claims.flatMap((claim) => (claim.holds === "yes" ? [] : [describeClaim(claim)]))[0] ?? "",
    elsewhere: registry === home ? "" : registry,
    transfers: Math.max(0, (model?.owners.length ?? 1) - 1),
    trade: trade === undefined ? "" : summarizeTrade(trade),
  };
}

/** Says how a child came from its parent, and how sure that is. */
export function describeEdge({ relation, endorsed, drift, basisPoints }: LineageEdge): string {
  const how = relation ?? "endorsed child";
  const sure = endorsed === undefined ? "parent not known here" : endorsed ? "endorsed" : "claimed";
  const licence =
    drift === "more-permissive" ? ", licence asks for less" : drift === "unknown" ? ", licences differ" : "";
  const share = basisPoints === undefined ? "" : `, ${describeShare(basisPoints)}`;
  return `${how}, ${sure}${licence}${share}`;
}

/** What a parent gets of what licences of its child bring. */
export function describeShare(basisPoints: number): string {
  return `parent gets ${basisPoints / 100} %`;
}

/** Says how a model came from a base model outside all registries: nobody there can confirm it. */
export function describeBase({ relation }: LineageBase): string {
  return `${relation}, claimed`;
}

/** The registry of the model that was asked for. */
export function homeOf({ start, nodes }: Lineage): string {
  return nodes.get(start)?.registry ?? "";
}

/** The links of a lineage, by parent and by child. */
export function groupEdges({ edges }: Lineage): {
  readonly below: ReadonlyMap<string, readonly LineageEdge[]>;
  readonly above: ReadonlyMap<string, readonly LineageEdge[]>;
} {
  return { below: Map.groupBy(edges, ({ parent }) => parent), above: Map.groupBy(edges, ({ child }) => child) };
}

/** The models without a parent, in the order in which they were found. */
export function rootsOf({ nodes, edges }: Lineage): string[] {
  const children = new Set(edges.map(({ child }) => child));
  return [...nodes.keys()].filter((key) => !children.has(key));
}

function shorten(hex: string): string {
  return `${hex.slice(0, 10)}…${hex.slice(-4)}`;
}

/** How much a lineage holds: `2 models and 1 relation`. */
export function describeSize({ nodes, edges }: Pick<Lineage, "nodes" | "edges">): string {
  return `${count(nodes.size, "model")} and ${count(edges.length, "relation")}`;
}

function count(many: number, what: string): string {
  return `${many.toLocaleString("en")} ${what}${many === 1 ? "" : "s"}`;
}
