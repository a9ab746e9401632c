/** Parts of a buffer that are still in use. */
interface Lease {
  readonly pool: BufferPool;
  readonly buffer: Buffer;
  left: number;
}

// By the views that were handed out: one that is given back twice counts once.
const leases = new WeakMap<Uint8Array, Lease>();

/**
 * Buffers of one size that are read into again once every part of them was given back. Without it each read would wait
 * for the system to clear new memory, and a hundred MiB of what was read would wait for the garbage collector.
 */
export class BufferPool {
  /** Bytes of each buffer. */
  readonly size: number;
  readonly #free: Buffer[] = [];
  readonly #allocate: (size: number) => Buffer;

  /** @param allocate - makes a buffer; `allocatePages` for what other threads read, too */
  constructor(size: number, allocate: (size: number) => Buffer = (bytes) => Buffer.allocUnsafeSlow(bytes)) {
    this.size = size;
    this.#allocate = allocate;
  }

  /** A buffer nobody uses. */
  take(): Buffer {
    return this.#free.pop() ?? this.#allocate(this.size);
  }

  /** Says which parts of a buffer were handed out: it is used again when all of them were given back. */
  lend(buffer: Buffer, parts: readonly Uint8Array[]): void {
    const lease = { pool: this, buffer, left: parts.length };
    for (const part of parts) leases.set(part, lease);
  }

  /** @internal */
  static giveBack(bytes: Uint8Array): void {
    const lease = leases.get(bytes);
    if (lease === undefined) return;
    leases.delete(bytes);
    if (--lease.left === 0) lease.pool.#free.push(lease.buffer);
  }
}

/**
 * Says that nobody needs these bytes any more: they may be overwritten from now on. Nothing happens to bytes that come
 * from elsewhere, and what is never given back is left to the garbage collector.
 */
export function giveBack(bytes: Uint8Array): void {
  BufferPool.giveBack(bytes);
}
