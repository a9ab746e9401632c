import type { Hex } from "../../base/hex.ts";
import type { Relation } from "../../model/relation.ts";
import type { Status } from "../status-words.ts";

/** Who held a token from which block on. */
export interface OwnerSince {
  readonly owner: string;
  readonly blockNumber: number;
}

/** All that a registry says of one model. */
export interface IndexedModel {
  readonly tokenId: bigint;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly mintedAt: number;
  readonly relation: Relation;
  readonly parents: readonly bigint[];
  readonly datasetDigest: Hex;
  readonly metadataDigest: Hex;
  readonly framework: string;
  readonly license: string;
  readonly performanceMetrics: string;
  /** What stands in its event alone: absent where that was not read. */
  readonly version?: string;
  readonly blockNumber?: number;
  readonly transactionHash?: string;
  status: Status;
  /** Oldest first; the last one owns it now. Empty where the events were not read. */
  readonly owners: OwnerSince[];
}

/** A child that the owner of a parent endorsed, here or elsewhere. */
export interface Endorsement {
  readonly parentId: bigint;
  readonly chainId: bigint;
  readonly registry: string;
  readonly childId: bigint;
}

/** What a registry says, up to a block. */
export interface RegistryIndex {
  readonly models: Map<bigint, IndexedModel>;
  /** By {@link endorsementKey}. */
  readonly endorsements: Map<string, Endorsement>;
  /** The first block that is not in it. */
  nextBlock: number;
}

/** An index that holds nothing. @param startBlock - the registry's first */
export function createRegistryIndex(startBlock = 0): RegistryIndex {
  return { models: new Map(), endorsements: new Map(), nextBlock: startBlock };
}

/** What names an endorsement. */
export function endorsementKey({ parentId, chainId, registry, childId }: Endorsement): string {
  return `${parentId}:${chainId}:${registry.toLowerCase()}:${childId}`;
}

/** What one event changes in an index: plain data, which may come from another thread. */
export type IndexEvent =
  | { readonly kind: "model"; readonly model: IndexedModel }
  | { readonly kind: "status"; readonly tokenId: bigint; readonly status: Status }
  | { readonly kind: "owner"; readonly tokenId: bigint; readonly since: OwnerSince }
  | { readonly kind: "endorsed" | "withdrawn"; readonly endorsement: Endorsement };

/** Writes into an index what an event says; events come in the order of the chain. */
export function applyIndexEvent(index: RegistryIndex, event: IndexEvent): void {
  switch (event.kind) {
    case "model":
      index.models.set(event.model.tokenId, event.model);
      return;
    case "status": {
      const model = index.models.get(event.tokenId);
      if (model !== undefined) model.status = event.status;
      return;
    }
    case "owner":
      index.models.get(event.tokenId)?.owners.push(event.since);
      return;
    case "endorsed":
      index.endorsements.set(endorsementKey(event.endorsement), event.endorsement);
      return;
    case "withdrawn":
      index.endorsements.delete(endorsementKey(event.endorsement));
  }
}
