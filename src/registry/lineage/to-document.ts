import { toHex32 } from "../../base/hex.ts";
import { toTradeDocument } from "../market/trade-document.ts";
import type { Lineage } from "./lineage-graph.ts";

/** Makes a lineage one JSON document. */
export function toLineageDocument({ start, nodes, edges, bases, gaps }: Lineage): Record<string, unknown> {
  return {
    schemaVersion: "1.0",
    start,
    nodes: [...nodes.values()].map(({ key, registry, tokenId, model, name, publisher, trade }) => ({
      key,
      registry,
      tokenId: toHex32(tokenId),
      known: model !== undefined,
      name,
      ...(model && {
        creator: model.creator,
        publisher,
        mintedAt: model.mintedAt,
        relation: model.relation,
        status: model.status,
        license: model.license,
        framework: model.framework,
        version: model.version,
        performanceMetrics: model.performanceMetrics,
        datasetDigest: model.datasetDigest,
        metadataDigest: model.metadataDigest,
        blockNumber: model.blockNumber,
        transactionHash: model.transactionHash,
        owners: model.owners,
        ...(trade && { trade: toTradeDocument(trade) }),
      }),
    })),
    edges: edges.map(({ parent, child, relation, endorsed, drift, basisPoints }) => ({
      parent,
      child,
      relation,
      endorsed,
      licenseDrift: drift,
      shareBasisPoints: basisPoints,
    })),
    bases,
    gaps,
  };
}
