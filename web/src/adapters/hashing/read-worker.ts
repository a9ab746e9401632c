/** The next piece of a file, from its first one on. */
export interface ReadTask {
  readonly file: Blob;
  readonly at: number;
  readonly bytes: number;
  /** Of at least so many bytes; what was read comes back in it, or in another. */
  readonly buffer: ArrayBuffer;
}

/** What was read. */
export type ReadReply =
  | { readonly kind: "read"; readonly buffer: ArrayBuffer; readonly bytes: number }
  | { readonly kind: "failed"; readonly name: string };

let last: Promise<void> = Promise.resolve();
let stream: ReadableStreamBYOBReader | undefined;

onmessage = ({ data }: MessageEvent<ReadTask>) => {
  last = last.then(async () => answer(data));
};

async function answer(task: ReadTask): Promise<void> {
  try {
    const read = await readPiece(task);
    postMessage({ kind: "read", ...read } satisfies ReadReply, { transfer: [read.buffer] });
  } catch (error) {
    postMessage({ kind: "failed", name: (error as Error).name } satisfies ReadReply);
  }
}

async function readPiece(task: ReadTask) {
  const { file, at, bytes } = task;
  if (at === 0) stream = openStream(file);
  try {
    if (stream !== undefined) return await fill(stream, task);
  } catch {
    stream = undefined; // It does not say why it ended; who reads a part of the file is told.
  }
  const buffer = await file.slice(at, at + bytes).arrayBuffer();
  return { buffer, bytes: buffer.byteLength };
}

/** Reads into the memory of a buffer, for which another object stands after each read. */
async function fill(from: ReadableStreamBYOBReader, { buffer: given, bytes }: ReadTask) {
  let [buffer, filled] = [given, 0];
  while (filled < bytes) {
    const { value, done } = await from.read(new Uint8Array(buffer, filled, bytes - filled));
    if (value !== undefined) buffer = value.buffer;
    if (done) break;
    filled += value.byteLength;
  }
  return { buffer, bytes: filled };
}

/** Not every browser reads a file into memory that is there already, which takes less time than to find more of it. */
function openStream(file: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}
