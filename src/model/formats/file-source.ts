import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ProvenanceError } from "../../base/errors.ts";
import type { ByteSource, SourceFile } from "./byte-source.ts";

/** Names a file on disk as a source. Opening it throws `MODEL_UNREADABLE`. */
export function fileSource(name: string, path: string): SourceFile {
  return { name, open: () => openFile(path) };
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

async function readFully(file: FileHandle, path: string, into: Uint8Array, position: number): Promise<void> {
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
