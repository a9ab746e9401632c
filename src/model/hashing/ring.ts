import { LEAF_BYTES } from "./file-digester.ts";

/**
 * A ring of shared buffers between one reader and several hashing threads, so that one huge file is read once while
 * as many cores hash it: one the whole, one its leaves, one its pieces.
 */
export interface Ring {
  /** How many slots were filled, whether somebody failed, and how many slots each side has left. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** Bytes in each slot; zero marks the end. */
  readonly lengths: Int32Array<SharedArrayBuffer>;
  readonly data: Uint8Array<SharedArrayBuffer>;
}

const [PRODUCED, ABORTED, FIRST_SIDE] = [0, 1, 2] as const;
const SLOTS = 16;

/** Makes an empty ring of 16 MiB. @param sides - how many threads take from it */
export function createRing(sides: number): Ring {
  return {
    control: new Int32Array(new SharedArrayBuffer((FIRST_SIDE + sides) * Int32Array.BYTES_PER_ELEMENT)),
    lengths: new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)),
    data: new Uint8Array(new SharedArrayBuffer(SLOTS * LEAF_BYTES)),
  };
}

/** The slot to fill next, once all sides have left it. Throws where one of them failed. */
export async function nextFreeSlot(ring: Ring): Promise<Uint8Array<SharedArrayBuffer>> {
  const produced = Atomics.load(ring.control, PRODUCED);
  for (let side = FIRST_SIDE; side < ring.control.length; side++) {
    for (;;) {
      const consumed = Atomics.load(ring.control, side);
      if (Atomics.load(ring.control, ABORTED) === 1) throw new Error("A hashing thread failed.");
      if (produced - consumed < SLOTS) break;
      const waiting = Atomics.waitAsync(ring.control, side, consumed);
      if (waiting.async) await waiting.value;
    }
  }
  return slotAt(ring, produced, LEAF_BYTES);
}

/** Hands the slot that was filled to all sides; zero bytes mark the end. */
export function publishSlot(ring: Ring, bytes: number): void {
  const produced = Atomics.load(ring.control, PRODUCED);
  Atomics.store(ring.lengths, produced % SLOTS, bytes);
  Atomics.store(ring.control, PRODUCED, produced + 1);
  Atomics.notify(ring.control, PRODUCED);
}

/** Ends reader and sides at once: one of them failed. */
export function abortRing(ring: Ring): void {
  Atomics.store(ring.control, ABORTED, 1);
  publishSlot(ring, 0);
  for (let side = FIRST_SIDE; side < ring.control.length; side++) Atomics.notify(ring.control, side);
}

/** The filled slots in order, each given back when the next is asked for. Blocks its thread. @param side - from 0 */
export function* takeSlots(ring: Ring, side: number): Generator<Uint8Array> {
  for (let consumed = 0; ; consumed++) {
    while (Atomics.load(ring.control, PRODUCED) === consumed) Atomics.wait(ring.control, PRODUCED, consumed);
    const length = Atomics.load(ring.lengths, consumed % SLOTS);
    if (length === 0 || Atomics.load(ring.control, ABORTED) === 1) return;
    yield slotAt(ring, consumed, length);
    Atomics.store(ring.control, FIRST_SIDE + side, consumed + 1);
    Atomics.notify(ring.control, FIRST_SIDE + side);
  }
}

function slotAt({ data }: Ring, index: number, length: number): Uint8Array<SharedArrayBuffer> {
  const start = (index % SLOTS) * LEAF_BYTES;
  return data.subarray(start, start + length);
}
