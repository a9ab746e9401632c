import { createHash } from "node:crypto";
import { type Hex, toHex } from "../../base/hex.ts";
import { giveBack } from "../buffer-pool.ts";
import type { Dag } from "./block-list.ts";
import { writeCar } from "./car.ts";

/** How long a CAR is and what is in it. */
export interface CarMeasure {
  /** In bytes. */
  readonly size: number;
  readonly sha256: Hex;
  /** The CAR itself, where it is not too long to be held. */
  readonly pieces?: readonly Uint8Array[];
}

/**
 * Reads a CAR through once.
 *
 * @param keepUpTo - a CAR of at most so many bytes is returned as well
 */
export async function measureCar({ root, blocks }: Dag, keepUpTo: number): Promise<CarMeasure> {
  const hash = createHash("sha256");
  let size = 0;
  let pieces: Uint8Array[] = [];
  for await (const piece of writeCar(root, blocks)) {
    hash.update(piece);
    size += piece.length;
    if (size <= keepUpTo) pieces.push(piece);
    else {
      pieces.forEach(giveBack);
      giveBack(piece);
      pieces = [];
    }
  }
  return { size, sha256: toHex(hash.digest()), ...(size <= keepUpTo && { pieces }) };
}

/** A CAR that is made while it is read, from any place on: it lies nowhere whole, neither in memory nor on disk. */
export class CarSource {
  readonly #dag: Dag;
  #stream: AsyncGenerator<Uint8Array, void> | undefined;
  #piece: Uint8Array = new Uint8Array();
  #rest: Uint8Array = new Uint8Array();
  #position = 0;
  #buffer: Uint8Array = new Uint8Array();

  constructor(dag: Dag) {
    this.#dag = dag;
  }

  /**
   * Reads some bytes. Going on where the last read ended costs nothing; going back starts the blocks anew.
   *
   * @returns fewer bytes than asked for at the end alone; they are overwritten by the next read
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#stream === undefined || offset < this.#position) await this.#start();
    while (this.#position < offset && (await this.#take(offset - this.#position)) !== undefined);
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafe(length);
    const bytes = this.#buffer;
    let filled = 0;
    while (filled < length) {
      const piece = await this.#take(length - filled);
      if (piece === undefined) break;
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes.subarray(0, filled);
  }

  /** Lets go of what the blocks are read from. */
  async close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    await stream?.return();
  }

  async #start(): Promise<void> {
    await this.close();
    this.#stream = writeCar(this.#dag.root, this.#dag.blocks);
    this.#position = 0;
    this.#rest = new Uint8Array();
  }

  async #take(length: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#stream?.next();
      if (next === undefined || next.done === true) return undefined;
      giveBack(this.#piece);
      this.#piece = this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(piece.length);
    this.#position += piece.length;
    return piece;
  }
}
