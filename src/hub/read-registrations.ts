import { readAnchor } from "../registry/batches/anchors.ts";
import { type BatchProof, batchProofName, parseBatchProof } from "../registry/batches/batch-files.ts";
import { verifyBatchProof } from "../registry/batches/batch-tree.ts";
import { collectRanges } from "../registry/block-ranges.ts";
import { findRecordedEvent, readModelRecord } from "../registry/model-record.ts";
import { firstBlockAt, readEvents } from "../registry/read-events.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type BlockReader, findUnixfsFile, readVerified } from "../content/unixfs/read-dag.ts";
import { directoryCid } from "./known-models.ts";
import { type RecordedAs, type RegistrationFacts, genesisData, registrationData } from "./registration.ts";

/** Which registration is meant: a token, or a model of somebody's batch. */
export type RegistrationKey =
  | { readonly type: "token"; readonly modelDigest: Hex }
  | { readonly type: "batch"; readonly modelDigest: Hex; readonly root: Hex; readonly creator: string };

/** Reads registrations from the chain, and what they say from the store: nothing else is believed. */
export interface RegistrationReader {
  readonly genesis: () => Promise<RegistrationFacts>;
  /**
   * @returns undefined where the registry has no such record, or it is of no model of the Hub
   * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, and as the store's `get` and `readMetadata`
   */
  readonly read: (key: RegistrationKey) => Promise<RegistrationFacts | undefined>;
  /** How many models a batch holds, as its creator stated it; undefined where there is no such batch. */
  readonly countOf: (root: Hex, creator: string) => Promise<bigint | undefined>;
}

interface BatchEvent {
  /** As the event says it: whoever asks may write it in another way. */
  readonly creator: string;
  readonly contentDigest: Hex;
  readonly count: bigint;
  readonly at: EventPlace;
}

type EventPlace = Pick<RegistrationFacts, "timestamp" | "transaction">;

/** Opens a reader; blocks and batches are read once. */
export function createRegistrationReader(registry: Registry, store: BlockSource): RegistrationReader {
  const place = toCaip10(registry);
  const read = readVerified(store);
  const places = remember((key: string) => {
    const [number, hash] = key.split(" ") as [string, string | undefined];
    return readPlace(registry, Number(number), hash ?? null);
  });
  const batches = remember((key: string) => {
    const [root, creator] = key.split(" ") as [Hex, string];
    return readBatch(registry, root, creator, async (block, transaction) => places(`${block} ${transaction}`));
  });

  const readToken = async (modelDigest: Hex): Promise<RegistrationFacts | undefined> => {
    const record = await readModelRecord(registry, BigInt(modelDigest));
    if (record === undefined) return undefined;
    const { blockNumber, transactionHash } = await findRecordedEvent(registry, record);
    const metadata = await readMetadata(record.metadataDigest, store);
    const data = registrationData(metadata, record.metadataDigest, record.creator, { type: "token" });
    return data && { data, ...(await places(`${blockNumber} ${transactionHash}`)) };
  };

  const readMember = async (modelDigest: Hex, root: Hex, creator: string): Promise<RegistrationFacts | undefined> => {
    const batch = await batches(`${root} ${creator}`);
    const proof = batch && (await readProof(batch.contentDigest, modelDigest, read));
    if (batch === undefined || proof === undefined) return undefined;
    const { submission } = proof;
    const isMember = submission.modelDigest === modelDigest && proof.root === root && proof.registry === place;
    if (!isMember || !verifyBatchProof(root, submission, proof.proof)) return undefined;
    const metadataDigest = submission.metadataDigest as Hex;
    const record: RecordedAs = { type: "batch", root, contentDigest: batch.contentDigest };
    const data = registrationData(await readMetadata(metadataDigest, store), metadataDigest, batch.creator, record);
    return data && { data, ...batch.at };
  };

  return {
    genesis: async () => ({ data: genesisData(place), ...(await places("0")) }),
    read: async (key) =>
      key.type === "token" ? readToken(key.modelDigest) : readMember(key.modelDigest, key.root, key.creator),
    countOf: async (root, creator) => (await batches(`${root} ${creator}`))?.count,
  };
}

async function readBatch(
  registry: Registry,
  root: Hex,
  creator: string,
  placeOf: (block: number, transaction: string) => Promise<EventPlace>,
): Promise<BatchEvent | undefined> {
  const anchor = await readAnchor(registry, root, creator);
  if (anchor === undefined) return undefined;
  const filter = registry.contract.filters.BatchAnchored(root, creator);
  const startWhenRefused = async () => firstBlockAt(registry, anchor.anchoredAt);
  const [event] = await collectRanges(readEvents(registry, filter, { startWhenRefused }));
  if (event === undefined) return undefined;
  const { args, blockNumber, transactionHash } = event;
  const at = await placeOf(blockNumber, transactionHash);
  return { creator: args.creator, contentDigest: args.contentDigest as Hex, count: args.count, at };
}

async function readProof(contentDigest: Hex, modelDigest: Hex, read: BlockReader): Promise<BatchProof | undefined> {
  const cid = await findUnixfsFile(directoryCid(contentDigest), batchProofName(modelDigest), read);
  return cid && parseBatchProof(await read(cid));
}

async function readPlace({ provider }: Registry, blockNumber: number, hash: string | null): Promise<EventPlace> {
  const block = await provider.getBlock(blockNumber).catch((cause: unknown) => {
    const text = `The node did not answer for block ${blockNumber}. Try again, or another RPC URL.`;
    throw new ProvenanceError("CHAIN_UNREACHABLE", text, { cause });
  });
  if (block === null || block.hash === null) {
    throw new ProvenanceError("CHAIN_UNREACHABLE", `The node does not know block ${blockNumber}. Ask another one.`);
  }
  const timestamp = new Date(block.timestamp * 1000).toISOString();
  return { timestamp, transaction: { hash, blockNumber, blockHash: block.hash } };
}

/** Answers a question once; what failed is asked again. */
function remember<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return async (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
