import { addCandidates, readCandidateIndex } from "../../registry/lineage/candidate-index.ts";
import { readRegistryIndex } from "../../registry/lineage/read-index.ts";
import { writeFileAtomically } from "../../base/atomic-write.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { type IndexedRegistry, type Lineage, findLineage } from "../../registry/lineage/lineage-graph.ts";
import { nameCreators } from "../../registry/lineage/name-creators.ts";
import { toLineageDocument } from "../../registry/lineage/to-document.ts";
import { toSvg } from "../../registry/lineage/to-svg.ts";
import { toDot, toMermaid } from "../../registry/lineage/to-text-graphs.ts";
import { toTree } from "../../registry/lineage/to-tree.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { OutputFormat } from "../options/output.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";
import { addTradesOfAll } from "../market/read-trade.ts";
import { openSources } from "../verify/with-registries.ts";

/** A registry, and what is known of it: all its models, or those alone that an indexer named. */
interface KnownRegistry extends IndexedRegistry {
  readonly isPartial: boolean;
}

/** Walks from a model to all its ancestors and descendants, and draws them. With `--tensors`, compares two models instead. */
export async function runLineage(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.tensors) {
    const { runLineageTensors } = await import("./lineage-tensors.ts");
    const paths = { childPath: required(options, "childPath"), parentPath: required(options, "parentPath") };
    return runLineageTensors({ ...paths, format: options.format }, terminal);
  }
  if (options.parentPath !== undefined) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      "lineage takes one model; two are compared with --tensors CHILD PARENT.",
    );
  }
  const model = required(options, "childPath");
  const tokenId = await resolveTokenId(model, { hfCache: options.hfCache ?? false });
  const { registry: registries, unreachable, store, publishers } = await openSources(options, connect, terminal);
  const { indexed, gaps } = await readIndexes(registries, tokenId, options.indexFile, terminal);
  const lineage = await findWholeLineage(indexed, tokenId, store);
  if (lineage === undefined) {
    const text = `There is no token ${toHex32(tokenId)} in the registries that were asked.`;
    const isUnknown = unreachable.length > 0 || indexed.length < registries.length;
    throw new ProvenanceError(isUnknown ? "CHAIN_UNREACHABLE" : "TOKEN_UNKNOWN", text);
  }
  const known = { ...lineage, gaps: [...lineage.gaps, ...gaps] };
  const all = await addTradesOfAll(known, registries, options);
  for (const gap of all.gaps) terminal.warn(gap);
  const named = await nameCreators(all, registries, publishers);
  await present(draw(named, options.format), options.outputPath, terminal);
  return EXIT.done;
}

/** Reads the registries one after the other, for they share a file. What cannot be read is said, unless it is all. */
async function readIndexes(
  registries: readonly Registry[],
  tokenId: bigint,
  path: string | undefined,
  terminal: Terminal,
): Promise<{ indexed: KnownRegistry[]; gaps: string[] }> {
  const indexed: KnownRegistry[] = [];
  const gaps: string[] = [];
  const failures: ProvenanceError[] = [];
  for (const registry of registries) {
    try {
      // Whoever keeps a file of their own wants that.
      const named = path === undefined ? await readCandidateIndex(registry, tokenId) : undefined;
      gaps.push(...(named?.gaps ?? []));
      const index = named?.index ?? (await readRegistryIndex(registry, path === undefined ? {} : { path }));
      indexed.push({ registry, index, isPartial: named !== undefined });
    } catch (error) {
      const isOfOne =
        error instanceof ProvenanceError && ["CHAIN_UNREACHABLE", "REGISTRY_TOO_LARGE"].includes(error.code);
      if (!isOfOne) throw error;
      failures.push(error);
    }
  }
  if (indexed.length === 0) throw failures[0] as ProvenanceError;
  for (const { message } of failures) terminal.warn(message);
  return { indexed, gaps };
}

/**
 * Walks a lineage. Where an index holds only what an indexer named, models of that registry which others lead to are read
 * from the chain, and the walk begins again.
 */
async function findWholeLineage(
  indexed: readonly KnownRegistry[],
  tokenId: bigint,
  store: BlockSource,
): Promise<Lineage | undefined> {
  const home = indexed.find(({ index }) => index.models.has(tokenId));
  if (home === undefined) return undefined;
  const asked = new Set<string>();
  for (;;) {
    const lineage = await findLineage(home, tokenId, { registries: indexed, store });
    const missing = [...(lineage?.nodes.values() ?? [])].filter(({ key, model }) => !model && !asked.has(key));
    const wanted = indexed.flatMap(({ registry, index, isPartial }) => {
      const ids = isPartial ? missing.filter((node) => node.registry === toCaip10(registry)) : [];
      return ids.length > 0 ? [{ registry, index, ids }] : [];
    });
    if (wanted.length === 0) return lineage;
    for (const { registry, index, ids } of wanted) {
      for (const { key } of ids) asked.add(key);
      await addCandidates(
        registry,
        index,
        ids.map((node) => node.tokenId),
      );
    }
  }
}

function draw(lineage: Lineage, format: Options["format"]): string {
  const forms: Partial<Record<OutputFormat, () => string>> = {
    json: () => JSON.stringify(toLineageDocument(lineage), null, 2),
    mermaid: () => toMermaid(lineage),
    dot: () => toDot(lineage),
    svg: () => toSvg(lineage),
  };
  return (forms[format ?? "human"] ?? (() => toTree(lineage, printable)))();
}

async function present(text: string, path: string | undefined, terminal: Terminal): Promise<void> {
  if (path === undefined) {
    terminal.print(text);
    return;
  }
  await writeFileAtomically(path, `${text}\n`).catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `OUTPUT_PATH ${path} cannot be written (${cause.code}).`, { cause });
  });
  terminal.note(`wrote ${printable(path)}`);
}
