import { createHash } from "node:crypto";
import { ProvenanceError } from "../base/errors.ts";
import { type ByteSource, type SourceFile, bytesSource } from "../model/formats/byte-source.ts";
import { type Hub, clientOptions, loadHubClient } from "./hub.ts";
import { type HubTreeFile, gitOidOf } from "./hub-tree.ts";

/** A revision of a repository whose files are read. */
export interface HubSnapshot {
  readonly hub: Hub;
  readonly id: string;
  /** A commit. */
  readonly revision: string;
}

/** Read at once when a piece is asked for: most headers then take one request. */
const FIRST_CHUNK_BYTES = 64 * 1024;
const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Fetches a file whole and checks it against what the commit says of it: its Git id, or its SHA-256 where Git LFS
 * keeps it.
 *
 * @throws {ProvenanceError} `HUB_ANSWER_INVALID` for other bytes than the commit's, and as the Hub's requests
 */
export async function fetchHubFile(snapshot: HubSnapshot, file: HubTreeFile): Promise<Buffer> {
  if (file.size === 0) return verified(snapshot, file, Buffer.alloc(0));
  const blob = await openFile(snapshot, file, file.size);
  const bytes = Buffer.from(await blob.arrayBuffer().catch((cause: unknown) => fail(snapshot, file, cause)));
  return verified(snapshot, file, bytes);
}

/**
 * Fetches a file piece by piece. Its bytes are those of the commit only when the last piece was handed on without an
 * error. Errors as {@link fetchHubFile}; `HUB_UNREACHABLE` where the connection breaks off.
 */
export async function* streamHubFile(snapshot: HubSnapshot, file: HubTreeFile): AsyncGenerator<Uint8Array, void> {
  if (file.size === 0) return void verified(snapshot, file, Buffer.alloc(0));
  const { hub, id } = snapshot;
  const { accessToken } = hub;
  const limits = { maxBytes: file.size, what: `${file.name} of ${id}`, stream: true };
  // The client's own stream would hide why it breaks off.
  const response = await hub.fetch(limits)(urlOf(snapshot, file), {
    headers: accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
  });
  const hash = file.lfsSha256 === undefined ? createHash("sha1") : createHash("sha256");
  if (file.lfsSha256 === undefined) hash.update(`blob ${file.size}\0`);
  let size = 0;
  try {
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  } catch (cause) {
    fail(snapshot, file, cause);
  }
  if (size !== file.size || hash.digest("hex") !== (file.lfsSha256 ?? file.gitOid)) throw wrongContent(snapshot, file);
}

/** Names a file of the Hub as a source of bytes that are asked for by range. */
export function hubSource(snapshot: HubSnapshot, file: HubTreeFile): SourceFile {
  return { name: file.name, open: () => Promise.resolve(openSource(snapshot, file)) };
}

/** Names a content at hand as a source. */
export function contentSource(name: string, bytes: Buffer): SourceFile {
  return { name, open: () => Promise.resolve(bytesSource(bytes)) };
}

function openSource(snapshot: HubSnapshot, file: HubTreeFile): ByteSource {
  let chunk: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  let ahead = FIRST_CHUNK_BYTES;
  const nothing = () => Promise.resolve(); // a commit does not change
  return {
    size: file.size,
    read: async (into, position) => {
      const end = position + into.length;
      if (end > file.size) throw new RangeError(`${file.name} ends at byte ${file.size}.`);
      if (position < chunk.start || end > chunk.start + chunk.bytes.length) {
        const length = Math.min(Math.max(into.length, ahead), file.size - position);
        chunk = { start: position, bytes: await fetchRange(snapshot, file, position, length) };
        ahead = Math.min(2 * ahead, MAX_CHUNK_BYTES);
      }
      chunk.bytes.copy(into, 0, position - chunk.start);
    },
    assertUnchanged: nothing,
    close: nothing,
  };
}

async function fetchRange(snapshot: HubSnapshot, file: HubTreeFile, start: number, length: number): Promise<Buffer> {
  // A whole file is asked for without a range, and would be the whole answer all the same.
  const blob = await openFile(snapshot, file, length);
  const bytes = await blob
    .slice(start, start + length)
    .arrayBuffer()
    .catch((cause: unknown) => fail(snapshot, file, cause));
  if (bytes.byteLength === length) return Buffer.from(bytes);
  throw answerInvalid(snapshot, file, `${bytes.byteLength} bytes came where ${length} were asked for`);
}

/**
 * The client learns size and place of a file from a request of its own. Both are known here, so that none is made; and
 * names are encoded, which the client leaves out.
 */
async function openFile(snapshot: HubSnapshot, file: HubTreeFile, maxBytes: number): Promise<Blob> {
  const { hub, id, revision } = snapshot;
  const { downloadFile } = await loadHubClient();
  const blob = await downloadFile({
    ...clientOptions(hub),
    repo: { type: "model", name: id },
    path: file.name,
    revision,
    downloadInfo: { size: file.size, etag: file.gitOid, url: urlOf(snapshot, file) },
    fetch: hub.fetch({ maxBytes, what: `${file.name} of ${id}` }),
  });
  return blob ?? fail(snapshot, file, new Error("there is none"));
}

function urlOf({ hub, id, revision }: HubSnapshot, { name }: HubTreeFile): string {
  return `${hub.endpoint}/${id}/resolve/${revision}/${name.split("/").map(encodeURIComponent).join("/")}`;
}

function verified(snapshot: HubSnapshot, file: HubTreeFile, bytes: Buffer): Buffer {
  const { lfsSha256, gitOid, size } = file;
  const isSame =
    lfsSha256 === undefined
      ? gitOidOf(bytes) === gitOid
      : createHash("sha256").update(bytes).digest("hex") === lfsSha256;
  if (bytes.length !== size || !isSame) throw wrongContent(snapshot, file);
  return bytes;
}

function wrongContent(snapshot: HubSnapshot, file: HubTreeFile): ProvenanceError {
  return answerInvalid(snapshot, file, "the bytes that came are not those of the commit");
}

function answerInvalid({ id }: HubSnapshot, { name }: HubTreeFile, fault: string): ProvenanceError {
  return new ProvenanceError("HUB_ANSWER_INVALID", `The Hub's answer for ${name} of ${id} is refused: ${fault}.`);
}

/** What the connection itself throws has no code of ours. */
function fail({ id, hub }: HubSnapshot, { name }: HubTreeFile, cause: unknown): never {
  if (cause instanceof ProvenanceError) throw cause;
  const { host } = new URL(hub.endpoint);
  const reason = (cause as Error).message ?? String(cause);
  const text = `The connection to the Hub at ${host} broke off (${name} of ${id}: ${reason}). Try again later.`;
  throw new ProvenanceError("HUB_UNREACHABLE", text, { cause });
}
