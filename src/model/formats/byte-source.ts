import { Buffer } from "buffer";

/** Bytes that can be read piecewise: a file, or anything else that knows its size. */
export interface ByteSource {
  /** Size in bytes. */
  readonly size: number;
  /** Fills the whole of `into` from a position. @throws {ProvenanceError} `MODEL_CHANGED` if the bytes end before */
  readonly read: (into: Uint8Array, position: number) => Promise<void>;
  /** @throws {ProvenanceError} `MODEL_CHANGED` if the bytes are no longer those that were opened */
  readonly assertUnchanged: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A file of a model whose content is looked at: its name in the model, and how to open it. */
export interface SourceFile {
  /** POSIX path relative to the model's root. */
  readonly name: string;
  readonly open: () => Promise<ByteSource>;
}

/** Bytes in memory as a source. */
export function bytesSource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (into, position) => {
      if (position + into.length > bytes.length) throw new RangeError(`The bytes end at ${bytes.length}.`);
      return Promise.resolve(void bytes.copy(into, 0, position));
    },
    assertUnchanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Opens a source, uses it and closes it whatever happens. */
export async function withSource<T>(file: SourceFile, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await file.open();
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** Reads a piece into a buffer of its own. */
export async function readBytes(source: ByteSource, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await source.read(bytes, position);
  return bytes;
}
