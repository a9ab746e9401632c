import type { Market } from "../market/market.ts";
import { readTrades } from "../market/trade.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import type { Lineage, LineageEdge, LineageNode } from "./lineage-graph.ts";

/** Adds what a market knows of the models of a registry: offers and licences to each, and to each relation the parent's share. */
export async function addTrades(lineage: Lineage, registry: Registry, market: Market): Promise<Lineage> {
  const place = toCaip10(registry);
  const models = [...lineage.nodes.values()].filter((node) => node.registry === place && node.model !== undefined);
  const tokenIds = models.map(({ tokenId }) => tokenId);
  const trades = await readTrades(market, registry.address, tokenIds);
  const traded = new Map(models.map((node, i): [string, LineageNode] => [node.key, { ...node, trade: trades[i] }]));
  const nodes = new Map([...lineage.nodes].map(([key, node]) => [key, traded.get(key) ?? node]));
  return { ...lineage, nodes, edges: lineage.edges.map((edge) => addShare(edge, nodes)) };
}

function addShare(edge: LineageEdge, nodes: ReadonlyMap<string, LineageNode>): LineageEdge {
  const [parent, child] = [nodes.get(edge.parent), nodes.get(edge.child)];
  if (parent?.registry !== child?.registry) return edge;
  const share = child?.trade?.upstream.shares.find(({ parentId }) => parentId === parent?.tokenId);
  return share === undefined ? edge : { ...edge, basisPoints: share.basisPoints };
}
