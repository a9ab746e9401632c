import { mapAtOnce } from "../base/concurrency.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import type { BlockSource } from "../content/content-store.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Metadata } from "../metadata/schema.ts";
import { isEndorsed } from "../registry/endorsements.ts";
import { walkAncestors } from "../registry/lineage/walk-ancestors.ts";
import { readModelRecord } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import type { ChainEvidence, LocatedRecord } from "../verify/evidence.ts";
import { orElse } from "../verify/findings.ts";
import { type ExportedLineage, type Relative, idOf } from "./exported-model.ts";

const CALLS_AT_ONCE = 8;

/** Names the models that one says it came from: those of its registry by the chain, those of others by its metadata. */
export async function nameParents(
  { record, place, registry }: LocatedRecord,
  { provenance }: Metadata,
  { registries, store }: ChainEvidence,
  note: (message: string) => void,
): Promise<Relative[]> {
  const own = toCaip10(place);
  const said = provenance.parents ?? [];
  const relationTo = (id: Hex) =>
    said.find(({ tokenId, registry: at }) => tokenId === id && isSame(at, own))?.relation ?? record.relation;
  const inHere = record.parents.map(toHex32).map((tokenId) => {
    return { registry: own, tokenId, relation: relationTo(tokenId) };
  });
  const elsewhere = said
    .filter(({ registry: at }) => !isSame(at, own))
    .map(({ registry: at, tokenId, relation }) => ({ registry: at, tokenId: tokenId as Hex, relation }));
  return mapAtOnce([...inHere, ...elsewhere], CALLS_AT_ONCE, async (relative) => {
    const home = registries.find((candidate) => isSame(toCaip10(candidate), relative.registry));
    const named = await nameRelative(relative, home, store, note);
    const child = { tokenId: record.tokenId, ...(registry && { registry }) };
    const endorsed =
      home && named.record && (await orElse(async () => isEndorsed(home, BigInt(relative.tokenId), child), note));
    return endorsed === undefined ? named : { ...named, endorsed };
  });
}

/** Reads the record and the metadata of a relative, as far as they can be. */
export async function nameRelative(
  relative: Pick<Relative, "registry" | "tokenId" | "relation">,
  home: Registry | undefined,
  store: BlockSource | undefined,
  note: (message: string) => void,
): Promise<Relative> {
  const about = (message: string) => note(`Of ${relative.tokenId}: ${message}`);
  const record = home && (await orElse(async () => readModelRecord(home, BigInt(relative.tokenId)), about));
  const metadata = record && store && (await orElse(async () => readMetadata(record.metadataDigest, store), about));
  return { ...relative, ...(record && { record }), ...(metadata && { metadata }) };
}

/** Reads all ancestors of a record, each once and nearest first, with their metadata. */
export async function readAncestors(
  { registry, record }: LocatedRecord,
  { registries, store }: ChainEvidence,
  note: (message: string) => void,
): Promise<ExportedLineage> {
  if (registry === undefined || store === undefined) return { models: [], links: [] };
  const { links, unread } = await walkAncestors({ registry, record }, { registries, store });
  unread.forEach(note);
  const models = new Map<string, Relative>();
  const named = links.map(({ child, parentRegistry, parentId, parent, relation, endorsed }) => {
    const relative: Relative = {
      registry: parentRegistry,
      tokenId: toHex32(parentId),
      relation,
      ...(endorsed !== undefined && { endorsed }),
      ...(parent && { record: parent.record }),
    };
    const id = idOf(relative);
    if (!models.has(id)) models.set(id, relative);
    const below = idOf({ registry: toCaip10(child.registry), tokenId: toHex32(child.record.tokenId) });
    return { child: below, parent: id, relation };
  });
  const read = await mapAtOnce([...models.values()], CALLS_AT_ONCE, async (relative) => {
    const { record: found } = relative;
    const about = (message: string) => note(`Of ${relative.tokenId}: ${message}`);
    const metadata = found && (await orElse(async () => readMetadata(found.metadataDigest, store), about));
    return metadata === undefined ? relative : { ...relative, metadata };
  });
  return { models: read, links: named };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
