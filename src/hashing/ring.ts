import { LEAF_BYTES } from "./digest-sync.ts";

/**
 * A ring of shared buffers between one reader and two hashing threads, so that one huge file is read
 * once while two cores hash it: one the whole, one its leaves.
 */
export interface Ring {
  /** PRODUCED, consumed by each side, ABORTED. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** Bytes in each slot; zero marks the end. */
  readonly lengths: Int32Array<SharedArrayBuffer>;
  readonly data: Uint8Array<SharedArrayBuffer>;
}

/** Who consumes; the number is the index of its counter. */
export const SIDES = { flat: 1, leaves: 2 } as const;
/** One of {@link SIDES}. */
export type Side = (typeof SIDES)[keyof typeof SIDES];

const PRODUCED = 0;
const ABORTED = 3;
const SLOTS = 16;

/** Makes an empty ring of 16 MiB. */
export function createRing(): Ring {
  return {
    control: new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)),
    lengths: new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)),
    data: new Uint8Array(new SharedArrayBuffer(SLOTS * LEAF_BYTES)),
  };
}

/** The slot to fill next, once both sides have left it. */
export async function nextFreeSlot(ring: Ring): Promise<Uint8Array<SharedArrayBuffer>> {
  const produced = Atomics.load(ring.control, PRODUCED);
  for (const side of Object.values(SIDES)) {
    for (;;) {
      const consumed = Atomics.load(ring.control, side);
      if (produced - consumed < SLOTS) break;
      const waiting = Atomics.waitAsync(ring.control, side, consumed);
      if (waiting.async) await waiting.value;
    }
  }
  return slotAt(ring, produced, LEAF_BYTES);
}

/** Hands the slot that was filled to both sides; zero bytes mark the end. */
export function publishSlot(ring: Ring, bytes: number): void {
  const produced = Atomics.load(ring.control, PRODUCED);
  Atomics.store(ring.lengths, produced % SLOTS, bytes);
  Atomics.store(ring.control, PRODUCED, produced + 1);
  Atomics.notify(ring.control, PRODUCED);
}

/** Ends both sides at once: the reader failed. */
export function abortRing(ring: Ring): void {
  Atomics.store(ring.control, ABORTED, 1);
  publishSlot(ring, 0);
}

/** The filled slots in order, each given back when the next is asked for. Blocks its thread. */
export function* takeSlots(ring: Ring, side: Side): Generator<Uint8Array> {
  for (let consumed = 0; ; consumed++) {
    while (Atomics.load(ring.control, PRODUCED) === consumed) Atomics.wait(ring.control, PRODUCED, consumed);
    const length = Atomics.load(ring.lengths, consumed % SLOTS);
    if (length === 0 || Atomics.load(ring.control, ABORTED) === 1) return;
    yield slotAt(ring, consumed, length);
    Atomics.store(ring.control, side, consumed + 1);
    Atomics.notify(ring.control, side);
  }
}

function slotAt({ data }: Ring, index: number, length: number): Uint8Array<SharedArrayBuffer> {
  const start = (index % SLOTS) * LEAF_BYTES;
  return data.subarray(start, start + length);
}
