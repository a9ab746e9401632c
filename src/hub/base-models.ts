import { findTokensByWeights, readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import type { Hub } from "./hub.ts";
import { hashHubModel } from "./inspect-model.ts";
import type { BaseModel } from "../metadata/card-origin.ts";
import { readCardName } from "../metadata/hub-names.ts";
import { isHubPath, parseHubPath } from "../metadata/repo-id.ts";
import type { Relation } from "../model/relation.ts";

/** Where a model came from, as the registry and the Hub know it. */
export interface Origin {
  /** Token ids of the base models that are in the registry, at most 16. */
  readonly parents: readonly bigint[];
  readonly parentRelations: ReadonlyMap<bigint, Relation>;
  /** The others: `hf://owner/name@revision`, with their digest where the Hub shows their files. */
  readonly baseModels: readonly { readonly uri: string; readonly digest?: Hex; readonly relation: Relation }[];
  /** That of the first; the one that the chain keeps. */
  readonly relation: Relation;
}

/** Finds base models; each is asked for once. */
export type OriginFinder = (
  repository: string,
  named: readonly BaseModel[],
  warn: (text: string) => void,
) => Promise<Origin>;

interface KnownModel {
  readonly uri: string;
  readonly digest?: Hex;
  readonly parent?: bigint;
  readonly warning?: string;
}

/** What a card that says no relation is taken to mean. */
const DEFAULT_RELATION: Relation = "fine-tune";
const MAX_PARENTS = 16;
const MAX_KNOWN = 10_000;

/**
 * Makes a finder of base models. A base model is known by its name on the Hub: it is a parent where the registry has a
 * token of exactly its files of now, or of exactly its weights. What is revoked, or only anchored in a batch, can be no
 * parent of a token, and is named as a base model with its digest.
 */
export function createOriginFinder(hub: Hub, registry: Registry): OriginFinder {
  const known = new Map<string, Promise<KnownModel>>();
  const find = (name: string): Promise<KnownModel> => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size === MAX_KNOWN) known.delete(known.keys().next().value as string);
    const found = findBaseModel(hub, registry, name);
    known.set(name, found);
    return found;
  };
  return async (repository, named, warn) => {
    const parentRelations = new Map<bigint, Relation>();
    const baseModels: Origin["baseModels"][number][] = [];
    for (const { uri: name, relation = DEFAULT_RELATION } of new Map(named.map((base) => [base.uri, base])).values()) {
      if (readCardName(name, "models").kind === "hub" && parseHubPath(name).id === repository) {
        warn(`${repository} names itself as its base model; that is left out.`);
        continue;
      }
      const { uri, digest, parent, warning } = await find(name);
      if (warning !== undefined) warn(warning);
      if (parent !== undefined && parentRelations.size < MAX_PARENTS) {
        if (!parentRelations.has(parent)) parentRelations.set(parent, relation);
      } else if (parent === undefined || !parentRelations.has(parent)) {
        baseModels.push({ uri, ...(digest && { digest }), relation });
      }
    }
    const [relation] = [...parentRelations.values(), ...baseModels.map((base) => base.relation)];
    return {
      parents: [...parentRelations.keys()],
      parentRelations,
      baseModels,
      relation: relation ?? DEFAULT_RELATION,
    };
  };
}

async function findBaseModel(hub: Hub, registry: Registry, name: string): Promise<KnownModel> {
  if (!isHubPath(name)) return { uri: name };
  try {
    const { path: uri, modelDigest: digest, weightsDigest, weights } = await hashHubModel(hub, parseHubPath(name));
    // Where some files may hold weights or not, an equal digest of the others says nothing.
    const sameWeights = weights.opaque.length === 0 ? await findTokensByWeights(registry, weightsDigest) : [];
    const candidates = [BigInt(digest), ...sameWeights];
    for (const tokenId of candidates) {
      const record = await readModelRecord(registry, tokenId);
      if (record !== undefined && record.status !== "revoked") return { uri, digest, parent: tokenId };
      if (record === undefined) continue;
      return { uri, digest, warning: `The base model ${name} was revoked in this registry, and is no parent.` };
    }
    return { uri, digest };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || !/^(HUB|RESOURCE|MODEL)_/.test(error.code)) throw error;
    return { uri: name, warning: `The base model ${name} is named without a digest: ${error.message}` };
  }
}
