import { CID } from "multiformats/cid";
import * as dagPb from "@ipld/dag-pb";
import { create as createMultihash } from "multiformats/hashes/digest";
import { readAnchor } from "../registry/batches/anchors.ts";
import { batchProofName } from "../registry/batches/batch-files.ts";
import { collectRanges } from "../registry/block-ranges.ts";
import { isRecorded } from "../registry/model-record.ts";
import { readEvents } from "../registry/read-events.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { SHA2_256 } from "../content/cid.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type BlockReader, findUnixfsFile, readVerified } from "../content/unixfs/read-dag.ts";
import type { BatchLine, ImportState } from "./import-state.ts";

/** How a registry holds a model already: as a token, or in a batch of this creator. */
export type KnownAs = { readonly type: "token" } | { readonly type: "batch"; readonly root: Hex };

/** What a registry holds already, of anybody as a token, or of this creator in a batch. */
export interface KnownModels {
  readonly find: (modelDigest: Hex) => Promise<KnownAs | undefined>;
  /** What was found or noted before: nothing is asked of the chain. */
  readonly recall: (modelDigest: Hex) => KnownAs | undefined;
  /** Notes what was recorded meanwhile. */
  readonly add: (modelDigests: Iterable<Hex>, as: KnownAs) => void;
  /** Batches that were agreed to in an earlier run, and are not on the chain. */
  readonly unfinished: readonly BatchLine[];
}

/**
 * Finds out what is recorded: tokens are asked for one by one, batches are read from the state of this import, and
 * batches that this account anchored elsewhere are looked up in their directories.
 *
 * @param warn - called where nobody has a directory any more: a model of it may then be recorded again, which harms nothing
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`; `find` also `STORE_FAILED` where a directory could not be asked for
 */
export async function openKnownModels(
  registry: Registry,
  creator: string,
  state: ImportState,
  store: BlockSource,
  warn: (text: string) => void,
): Promise<KnownModels> {
  const known = new Map<Hex, KnownAs>();
  const add = (modelDigests: Iterable<Hex>, as: KnownAs) => {
    for (const digest of modelDigests) known.set(digest, as);
  };
  const own = new Map(state.batches({ registry: toCaip10(registry), creator }).map((batch) => [batch.root, batch]));
  const unfinished: BatchLine[] = [];
  for (const batch of own.values()) {
    if ((await readAnchor(registry, batch.root, creator)) === undefined) unfinished.push(batch);
    else {
      const members = batch.members.map(({ modelDigest }) => modelDigest);
      add(members, { type: "batch", root: batch.root });
    }
  }
  const directories = await findDirectories(registry, creator, new Set(own.keys()));
  const read = readVerified(store);
  const ask = async (modelDigest: Hex): Promise<KnownAs | undefined> => {
    if (await isRecorded(registry, BigInt(modelDigest))) return { type: "token" };
    for (const { root, directory } of await namedFirst(registry, modelDigest, directories)) {
      if (await isInDirectory(directory, modelDigest, read, warn)) return { type: "batch", root };
    }
    return undefined;
  };
  return {
    add,
    unfinished,
    recall: (modelDigest) => known.get(modelDigest),
    find: async (modelDigest) => {
      const found = known.get(modelDigest) ?? (await ask(modelDigest));
      if (found !== undefined) known.set(modelDigest, found);
      return found;
    },
  };
}

/** The CID of a batch's directory, from the digest on the chain. */
export function directoryCid(contentDigest: Hex): CID {
  return CID.createV1(dagPb.code, createMultihash(SHA2_256, Buffer.from(contentDigest.slice(2), "hex")));
}

async function findDirectories(
  registry: Registry,
  creator: string,
  except: ReadonlySet<string>,
): Promise<{ readonly root: Hex; readonly directory: CID }[]> {
  const filter = registry.contract.filters.BatchAnchored(undefined, creator);
  const events = await collectRanges(readEvents(registry, filter));
  return events
    .filter(({ args }) => !except.has(args.root))
    .map(({ args }) => ({ root: args.root as Hex, directory: directoryCid(args.contentDigest as Hex) }));
}

/** The directories, those first in which the registry's indexer says that the model is. */
async function namedFirst<Directory extends { readonly root: Hex }>(
  { indexer }: Registry,
  modelDigest: Hex,
  directories: readonly Directory[],
): Promise<readonly Directory[]> {
  const found = directories.length > 1 ? await indexer?.findBatches(BigInt(modelDigest)) : undefined;
  if (found === undefined || found.length === 0) return directories;
  const roots = new Set<string>(found.map(({ root }) => root));
  return directories.toSorted((a, b) => Number(roots.has(b.root)) - Number(roots.has(a.root)));
}

async function isInDirectory(
  directory: CID,
  modelDigest: Hex,
  read: BlockReader,
  warn: (text: string) => void,
): Promise<boolean> {
  try {
    return (await findUnixfsFile(directory, batchProofName(modelDigest), read)) !== undefined;
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "STORE_FAILED") throw notAsked(directory, error);
    warn(`What a batch holds cannot be read: ${(error as Error).message}`);
    return false;
  }
}

/** Not an answer: what is in the batch would be recorded, and paid for, again. */
function notAsked(directory: CID, cause: ProvenanceError): ProvenanceError {
  const text =
    `Whether this account recorded a model before cannot be found out: the directory ${directory.toString()} of its ` +
    `batch cannot be read (${cause.message}) It is not recorded. Run again when the store answers.`;
  return new ProvenanceError("STORE_FAILED", text, { cause });
}
