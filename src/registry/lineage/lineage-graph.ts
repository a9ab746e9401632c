import type { IndexedModel, RegistryIndex } from "./registry-index.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import { endorsementKey } from "./registry-index.ts";
import { mapAtOnce } from "../../base/concurrency.ts";
import { toHex32 } from "../../base/hex.ts";
import { type LicenseDrift, compareLicenses } from "../../metadata/license-terms.ts";
import type { PublisherStatement } from "../../metadata/publisher-statement.ts";
import type { Trade } from "../market/trade.ts";
import type { Publisher } from "../publishers/publisher.ts";
import type { Relation } from "../../model/relation.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { type StatedOrigin, readStatedOrigin } from "./stated-origin.ts";

/** A registry and what its events say. */
export interface IndexedRegistry {
  readonly registry: Registry;
  readonly index: RegistryIndex;
}

/** What is known of a model: by its registry's events, or by its record alone, which names no transaction. */
export type KnownModel = Omit<IndexedModel, "blockNumber" | "transactionHash"> &
  Partial<Pick<IndexedModel, "blockNumber" | "transactionHash">>;

/** A model in a lineage. */
export interface LineageNode {
  /** CAIP-10 account of its registry, and the token id behind a slash. */
  readonly key: string;
  readonly registry: string;
  readonly tokenId: bigint;
  /** Absent for a model that is named and not known here. */
  readonly model?: KnownModel;
  /** What its metadata call it, where they could be read. */
  readonly name?: string;
  /** By which its metadata say who the creator is. */
  readonly statement?: PublisherStatement;
  /** Who is behind the creator, where that was looked for. */
  readonly publisher?: Publisher;
  /** What is offered and sold of it, where a market was asked. */
  readonly trade?: Trade | undefined;
}

/** A base model outside all registries, which the metadata of a model name. */
export interface LineageBase {
  readonly uri: string;
  /** The key of the model that names it. */
  readonly child: string;
  readonly relation: Relation;
}

/** That a child came from a parent. */
export interface LineageEdge {
  readonly parent: string;
  readonly child: string;
  /** Absent where only the parent says so, by endorsing a child that is not known here. */
  readonly relation?: Relation;
  /** Whether an owner of the parent confirmed it; absent where the parent is not known here. */
  readonly endorsed?: boolean;
  /** How the child's licence compares with the parent's; absent where one of them is not known here. */
  readonly drift?: LicenseDrift;
  /** The parent's share of what licences of the child bring, where a market was asked and it has one. */
  readonly basisPoints?: number;
}

/** A model, all its ancestors and all its descendants. */
export interface Lineage {
  readonly start: string;
  readonly nodes: ReadonlyMap<string, LineageNode>;
  readonly edges: readonly LineageEdge[];
  readonly bases: readonly LineageBase[];
  /** What could not be found out, in words. */
  readonly gaps: readonly string[];
}

/** Where a lineage is looked for. */
export interface LineageSearch {
  readonly registries: readonly IndexedRegistry[];
  /** Where metadata is read, in which names, base models and parents in other registries stand. */
  readonly store: BlockSource;
}

const READS_AT_ONCE = 8;
const MAX_METADATA_READS = 500;
// A store that has failed so often has not got the rest either: nobody waits for it model by model.
const MAX_FAULTS = 8;

/**
 * Walks from a model to all its ancestors and all its descendants, across the registries that are known. What lies beyond is
 * named and not followed. No step calls itself, so that depth takes no stack.
 *
 * @returns undefined where the registry has no such model
 */
export async function findLineage(
  home: IndexedRegistry,
  tokenId: bigint,
  search: LineageSearch,
): Promise<Lineage | undefined> {
  if (!home.index.models.has(tokenId)) return undefined;
  const graph = new LineageGraph(search);
  const start = graph.add(toCaip10(home.registry), tokenId).key;
  await graph.addAncestors(start);
  graph.addDescendants(start);
  await graph.addNames();
  return { start, nodes: graph.nodes, edges: [...graph.edges.values()], bases: graph.bases, gaps: graph.gaps() };
}

const NOTHING_STATED: StatedOrigin = { parents: [], bases: [] };

class LineageGraph {
  readonly nodes = new Map<string, LineageNode>();
  readonly edges = new Map<string, LineageEdge>();
  readonly bases: LineageBase[] = [];
  readonly #store: BlockSource;
  readonly #byName: ReadonlyMap<string, IndexedRegistry>;
  /** What the metadata of models say, by their keys, and why some could not be read. */
  readonly #stated = new Map<string, StatedOrigin>();
  readonly #faults: string[] = [];
  #unread = 0;

  constructor({ registries, store }: LineageSearch) {
    this.#store = store;
    this.#byName = new Map(registries.map((known) => [toCaip10(known.registry).toLowerCase(), known]));
  }

  add(registry: string, tokenId: bigint): LineageNode {
    const known = this.#byName.get(registry.toLowerCase());
    const name = known === undefined ? registry : toCaip10(known.registry);
    const key = `${name}/${toHex32(tokenId)}`;
    const existing = this.nodes.get(key);
    if (existing !== undefined) return existing;
    const model = known?.index.models.get(tokenId);
    const node = { key, registry: name, tokenId, ...(model && { model }) };
    this.nodes.set(key, node);
    return node;
  }

  /** One generation after the other: those of a generation are read at once. */
  async addAncestors(start: string): Promise<void> {
    const seen = new Set([start]);
    for (let generation = [start]; generation.length > 0;) {
      const found = await mapAtOnce(generation, READS_AT_ONCE, async (key) => this.#addParents(key));
      generation = [...new Set(found.flat())].filter((key) => !seen.has(key));
      for (const key of generation) seen.add(key);
    }
  }

  /** Reads the names of all models, and the base models that they name. */
  async addNames(): Promise<void> {
    await mapAtOnce([...this.nodes.values()], READS_AT_ONCE, async (node) => this.#readOrigin(node));
    for (const [key, { name, bases, statement }] of this.#stated) {
      const node = this.nodes.get(key) as LineageNode;
      if (name !== undefined) this.nodes.set(key, { ...node, name, ...(statement && { statement }) });
      for (const { uri, relation } of bases) this.bases.push({ uri, child: key, relation });
    }
  }

  /** What could not be found out. */
  gaps(): string[] {
    if (this.#unread === 0) return [];
    const why = this.#faults[0] ?? `only that of ${MAX_METADATA_READS} is`;
    return [
      `Names, base models and parents elsewhere of ${this.#unread} models are not known: their metadata was not read (${why}).`,
    ];
  }

  /** Children in the registries that are known, and those elsewhere that a parent endorsed. */
  addDescendants(start: string): void {
    const children = this.#listChildren();
    const waiting = [start];
    const seen = new Set(waiting);
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      for (const { registry, tokenId } of children.get(key) ?? []) {
        const child = this.add(registry, tokenId);
        this.#link(key, child.key, child.model?.relation);
        if (seen.has(child.key)) continue;
        // What a merge came from besides is named, and not followed.
        for (const other of child.model?.parents ?? []) {
          this.#link(this.add(child.registry, other).key, child.key, child.model?.relation);
        }
        seen.add(child.key);
        waiting.push(child.key);
      }
    }
  }

  async #addParents(key: string): Promise<string[]> {
    const child = this.nodes.get(key) as LineageNode;
    if (child.model === undefined) return [];
    const { parents, relation } = child.model;
    const named = parents.map((tokenId) => ({ registry: child.registry, tokenId, relation }));
    named.push(...(await this.#readForeign(child)));
    return named.map((parent) => {
      const node = this.add(parent.registry, parent.tokenId);
      this.#link(node.key, key, parent.relation);
      return node.key;
    });
  }

  async #readForeign(child: LineageNode) {
    // A base model says that it came from nothing.
    return child.model?.relation === "base" ? [] : (await this.#readOrigin(child)).parents;
  }

  async #readOrigin({ key, model, registry }: LineageNode): Promise<StatedOrigin> {
    const known = this.#stated.get(key);
    if (known !== undefined || model === undefined) return known ?? NOTHING_STATED;
    const isTooMuch = this.#stated.size >= MAX_METADATA_READS || this.#faults.length >= MAX_FAULTS;
    const stated = isTooMuch ? NOTHING_STATED : await readStatedOrigin(model.metadataDigest, registry, this.#store);
    if (stated.fault !== undefined) this.#faults.push(stated.fault);
    if (isTooMuch || stated.fault !== undefined) this.#unread++;
    this.#stated.set(key, stated);
    return stated;
  }

  #link(parent: string, child: string, relation: Relation | undefined): void {
    const id = `${parent} ${child}`;
    if (this.edges.has(id)) return;
    const [from, to] = [this.nodes.get(parent) as LineageNode, this.nodes.get(child) as LineageNode];
    const endorsed = this.#isEndorsed(from, to);
    const drift = from.model && to.model && compareLicenses(from.model.license, to.model.license);
    this.edges.set(id, {
      parent,
      child,
      ...(relation && { relation }),
      ...(endorsed !== undefined && { endorsed }),
      ...(drift && { drift }),
    });
  }

  #isEndorsed(parent: LineageNode, child: LineageNode): boolean | undefined {
    const home = this.#byName.get(parent.registry.toLowerCase());
    if (home === undefined || parent.model === undefined) return undefined;
    const { chainId, address } = parsePlace(child.registry);
    const key = endorsementKey({ parentId: parent.tokenId, chainId, registry: address, childId: child.tokenId });
    return home.index.endorsements.has(key);
  }

  /** The children of every model, by the keys of their parents. */
  #listChildren(): Map<string, { registry: string; tokenId: bigint }[]> {
    const children = new Map<string, { registry: string; tokenId: bigint }[]>();
    const add = (parent: string, registry: string, tokenId: bigint) => {
      const list = children.get(parent) ?? [];
      list.push({ registry, tokenId });
      children.set(parent, list);
    };
    for (const { registry, index } of this.#byName.values()) {
      const place = toCaip10(registry);
      for (const { tokenId, parents } of index.models.values()) {
        for (const parentId of parents) add(`${place}/${toHex32(parentId)}`, place, tokenId);
      }
      for (const { parentId, chainId, registry: address, childId } of index.endorsements.values()) {
        const elsewhere = `eip155:${chainId}:${address}`;
        if (elsewhere.toLowerCase() === place.toLowerCase()) continue; // named by the child itself
        add(`${place}/${toHex32(parentId)}`, elsewhere, childId);
      }
    }
    return children;
  }
}

function parsePlace(registry: string): { chainId: bigint; address: string } {
  const [, chainId, address] = registry.split(":") as [string, string, string];
  return { chainId: BigInt(chainId), address };
}
