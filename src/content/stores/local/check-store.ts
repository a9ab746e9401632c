import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";
import { rawCidOfDigest } from "../../cid.ts";
import { toHex } from "../../../base/hex.ts";
import type { LocalStore } from "./local-store.ts";
import { blockKey, walkDag } from "../../unixfs/walk-dag.ts";
import type { Pin } from "./pins.ts";
import { readReference } from "./read-reference.ts";

/** Something that is not as it should be. */
export interface StoreFault {
  /** Absent for a file of the store that holds no block. */
  readonly cid?: CID;
  /** What is wrong, and with which file. */
  readonly reason: string;
  /** The roots of the pins that need it. */
  readonly pins: readonly CID[];
}

/** What a check found. */
export interface StoreReport {
  /** Files of blocks that were hashed. */
  readonly blocks: number;
  /** References whose ranges were hashed. */
  readonly references: number;
  /** Bytes hashed. */
  readonly bytes: number;
  readonly pins: number;
  readonly faults: readonly StoreFault[];
  /** Copies and references that are damaged while the store has the block intact elsewhere. */
  readonly spare: readonly StoreFault[];
}

/** Options of {@link checkStore}. */
export interface CheckStoreOptions {
  /** Called once, with the number of bytes to hash. */
  readonly onTotal?: (bytes: number) => void;
  /** Called with the number of bytes hashed since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Hashes everything in a local store, references included, and follows every pin.
 *
 * @throws {ProvenanceError} `STORE_FAILED` if the store's folder cannot be read
 */
export async function checkStore(store: LocalStore, options: CheckStoreOptions = {}): Promise<StoreReport> {
  if (options.onTotal) options.onTotal(await countBytes(store));
  const found = new Findings(options.onBytes);
  const { blocks, references, pins } = store.parts;
  let [blockCount, referenceCount] = [0, 0];
  for await (const cid of blocks.list()) {
    blockCount++;
    await found.look(cid, async () => (await blocks.read(cid)) as Uint8Array);
  }
  for await (const reference of references.list()) {
    referenceCount++;
    const cid = rawCidOfDigest(toHex(reference.digest));
    await found.look(cid, async () => readReference(cid, reference));
  }
  const all = await pins.list();
  for (const pin of all) await followPin(store, pin, found);
  const damagedFiles = [...references.damaged].map(([path, why]): StoreFault => {
    return { reason: `${path} cannot be used: ${why}. Pin the model again and run store gc.`, pins: [] };
  });
  const counts = { blocks: blockCount, references: referenceCount, bytes: found.bytes, pins: all.length };
  return { ...counts, ...found.sort(damagedFiles) };
}

async function countBytes({ parts: { blocks, references } }: LocalStore): Promise<number> {
  let bytes = 0;
  for await (const cid of blocks.list()) bytes += (await blocks.sizeOf(cid)) ?? 0;
  for await (const { length } of references.list()) bytes += length;
  return bytes;
}

interface Finding {
  readonly cid: CID;
  readonly reason: string;
  readonly pins: CID[];
}

class Findings {
  bytes = 0;
  readonly intact = new Set<string>();
  readonly #faults = new Map<string, Finding[]>();
  readonly #onBytes: (bytes: number) => void;

  constructor(onBytes: (bytes: number) => void = () => undefined) {
    this.#onBytes = onBytes;
  }

  async look(cid: CID, read: () => Promise<Uint8Array>): Promise<void> {
    try {
      const { length } = await read();
      this.intact.add(blockKey(cid));
      this.bytes += length;
      this.#onBytes(length);
    } catch (error) {
      this.add(cid, error);
    }
  }

  add(cid: CID, error: unknown): void {
    if (!(error instanceof ProvenanceError)) throw error;
    const faults = this.#faults.get(blockKey(cid)) ?? [];
    faults.push({ cid, reason: error.message, pins: [] });
    this.#faults.set(blockKey(cid), faults);
  }

  /** Notes that a pin needs a block. */
  need(cid: CID, pin: Pin): void {
    const key = blockKey(cid);
    if (this.intact.has(key)) return;
    if (!this.#faults.has(key)) {
      this.add(
        cid,
        new ProvenanceError("STORE_BLOCK_MISSING", `${cid.toString()} is missing. Pin again what needs it.`),
      );
    }
    for (const fault of this.#faults.get(key) ?? []) fault.pins.push(pin.root);
  }

  sort(more: readonly StoreFault[]): Pick<StoreReport, "faults" | "spare"> {
    const all = [...this.#faults].map(([key, faults]) => ({ spare: this.intact.has(key), faults }));
    return {
      faults: [...all.filter(({ spare }) => !spare).flatMap(({ faults }) => faults), ...more],
      spare: all.filter(({ spare }) => spare).flatMap(({ faults }) => faults),
    };
  }
}

async function followPin(store: LocalStore, pin: Pin, found: Findings): Promise<void> {
  if (pin.blocks !== undefined) {
    for (const cid of pin.blocks) found.need(cid, pin);
    return;
  }
  // A node that cannot be read is a leaf of the walk: what it links is not known.
  const read = async (cid: CID) => (found.intact.has(blockKey(cid)) ? store.get(cid) : EMPTY_NODE);
  for await (const { cid } of walkDag(pin.root, read)) found.need(cid, pin);
}

const EMPTY_NODE = new Uint8Array();
