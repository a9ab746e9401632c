import { isEndorsed } from "../endorsements.ts";
import { type ModelRecord, readModelRecord } from "../model-record.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import { mapAtOnce } from "../../base/concurrency.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import type { Relation } from "../../model/relation.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { readStatedOrigin } from "./stated-origin.ts";

/** A model in a registry. */
export interface PlacedModel {
  readonly registry: Registry;
  readonly record: Omit<ModelRecord, "owner">;
}

/** That one model says it came from another. */
export interface AncestryLink {
  readonly child: PlacedModel;
  readonly relation: Relation;
  /** CAIP-10 account of the parent's registry. */
  readonly parentRegistry: string;
  readonly parentId: bigint;
  /** Absent where the parent's registry is not one of those that are asked, or does not have it. */
  readonly parent?: PlacedModel;
  /** Whether an owner of the parent confirmed it; absent where the parent is. */
  readonly endorsed?: boolean;
}

/** All that models say of where they came from. */
export interface Ancestry {
  readonly links: readonly AncestryLink[];
  /** Why parents in other registries of some models are not known: these are named in the metadata alone. */
  readonly unread: readonly string[];
}

/** Where ancestors are looked for. */
export interface AncestrySearch {
  readonly registries: readonly Registry[];
  /** Where the metadata is read, in which parents in other registries are named. */
  readonly store: BlockSource;
}

const CALLS_AT_ONCE = 8;
const MAX_MODELS = 10_000;

/**
 * Walks from a model to all its ancestors, also to those in other registries, one generation after the other.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, also for more than 10 000 ancestors
 */
export async function walkAncestors(start: PlacedModel, search: AncestrySearch): Promise<Ancestry> {
  const links: AncestryLink[] = [];
  const unread: string[] = [];
  const seen = new Set([keyOf(start)]);
  for (let generation = [start]; generation.length > 0;) {
    const named = await mapAtOnce(generation, CALLS_AT_ONCE, async (child) => readLinks(child, search, unread));
    links.push(...named.flat());
    const parents = named.flat().flatMap(({ parent }) => (parent === undefined ? [] : [parent]));
    generation = parents.filter((parent) => {
      const isNew = !seen.has(keyOf(parent));
      seen.add(keyOf(parent));
      return isNew;
    });
    if (seen.size > MAX_MODELS) {
      throw new ProvenanceError("CHAIN_UNREACHABLE", `There are more than ${MAX_MODELS} ancestors: not all were read.`);
    }
  }
  return { links, unread };
}

/** What one model says of its parents: on the chain for those in its registry, in its metadata for others. */
async function readLinks(child: PlacedModel, search: AncestrySearch, unread: string[]): Promise<AncestryLink[]> {
  const { registry, record } = child;
  const own = toCaip10(registry);
  const named = record.parents.map((id) => ({ id, place: own, relation: record.relation }));
  named.push(...(await readForeign(child, search.store, unread)));
  return mapAtOnce(named, CALLS_AT_ONCE, async ({ id, place, relation }) => {
    const link = { child, relation, parentRegistry: place, parentId: id };
    const home = search.registries.find((candidate) => isSame(toCaip10(candidate), place));
    const found = home && (await readModelRecord(home, id));
    if (home === undefined || found === undefined) return link;
    const endorsed = await isEndorsed(home, id, { tokenId: record.tokenId, registry });
    return { ...link, parent: { registry: home, record: found }, endorsed };
  });
}

/** The parents that the metadata names in other registries. A base model says that it has none. */
async function readForeign({ registry, record }: PlacedModel, store: BlockSource, unread: string[]) {
  if (record.relation === "base") return [];
  const { parents, fault } = await readStatedOrigin(record.metadataDigest, toCaip10(registry), store);
  if (fault !== undefined) unread.push(`${toHex32(record.tokenId)}: ${fault}`);
  return parents.map(({ tokenId, registry: place, relation }) => ({ id: tokenId, place, relation }));
}

function keyOf({ registry, record }: PlacedModel): string {
  return `${toCaip10(registry)}/${record.tokenId}`;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
