import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ProvenanceError } from "../../base/errors.ts";

/** Bytes that can be read piecewise: a file, or anything else that knows its size. */
export interface ByteSource {
  /** Size in bytes. */
  readonly size: number;
  /** Fills the whole of `into` from a position. @throws {ProvenanceError} `MODEL_CHANGED` if the bytes end before */
  readonly read: (into: Buffer, position: number) => Promise<void>;
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

/** Names a file on disk as a source. Opening it throws `MODEL_UNREADABLE`. */
export function fileSource(name: string, path: string): SourceFile {
  return { name, open: () => openFile(path) };
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

async function openFile(path: string): Promise<ByteSource> {
  const file = await openRegular(path);
  const stats = await file.stat({ bigint: true });
  return {
    size: Number(stats.size),
    read: (into, position) => readFully(file, path, into, position),
    assertUnchanged: async () => {
      const now = await file.stat({ bigint: true });
      if (now.size !== stats.size || now.mtimeNs !== stats.mtimeNs) throw changed(path);
    },
    close: () => file.close(),
  };
}

async function openRegular(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error("it is no regular file");
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readFully(file: FileHandle, path: string, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (bytesRead === 0) throw changed(path);
    done += bytesRead;
  }
}

function changed(path: string): ProvenanceError {
  return new ProvenanceError(
    "MODEL_CHANGED",
    `${path} changed while it was read. Run again when nothing writes to it.`,
  );
}

function unreadable(path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  return new ProvenanceError("MODEL_UNREADABLE", `${path} cannot be read (${reason}). Check its permissions.`, {
    cause,
  });
}
