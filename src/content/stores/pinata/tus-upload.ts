import { ProvenanceError } from "../../../base/errors.ts";
import type { CarSource } from "../../car/car-source.ts";
import type { HttpAnswer, HttpClient } from "../../../base/http/http-client.ts";
import { failureOfAnswer } from "../../../base/http/http-failure.ts";
import { TransientFailure, withRetries } from "../../../base/http/retry.ts";

/** What is uploaded, and where. */
export interface TusUpload {
  readonly client: HttpClient;
  /** Where an upload is created. */
  readonly endpoint: string;
  readonly source: CarSource;
  /** In bytes. */
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of one request; they are held in memory. */
  readonly chunkBytes: number;
  /** Of an upload that an earlier run began. */
  readonly savedUrl?: string;
  /** Called with the address of a new upload, before anything of it is sent. */
  readonly onCreated: (url: string) => Promise<void>;
  /** Whether the service may send us, and the token, to that address. */
  readonly isTrusted: (url: URL) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Where an upload stands. `cid` is what the service answers when it is whole. */
interface Progress {
  readonly offset: number;
  readonly cid?: string | undefined;
}

const VERSION = { "Tus-Resumable": "1.0.0" };
const GONE = [404, 410];
const OFFSET_CONFLICT = 409;
const MAX_STALLS = 3;

/**
 * Uploads by the resumable protocol tus 1.0.0. What breaks off goes on where the service says it stands: within the run,
 * and in a later one.
 *
 * @returns the CID that the service answers; undefined where that answer was lost
 * @throws {ProvenanceError} `STORE_FAILED`, `STORE_REFUSED`, `INTERRUPTED`
 * @see https://tus.io/protocols/resumable-upload
 */
export async function uploadByTus(upload: TusUpload): Promise<string | undefined> {
  let url = upload.savedUrl;
  let progress = url === undefined ? undefined : await askProgress(upload, url);
  if (url === undefined || progress === undefined) {
    url = await createUpload(upload);
    progress = { offset: 0 };
  }
  let stalls = 0;
  while (progress.offset < upload.size) {
    const next: Progress = await sendChunk(upload, url, progress.offset);
    if (next.offset <= progress.offset && ++stalls === MAX_STALLS) throw lostTrack(upload);
    progress = next;
  }
  return progress.cid;
}

async function createUpload(upload: TusUpload): Promise<string> {
  const { client, endpoint, signal } = upload;
  const metadata = Object.entries(upload.metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
    .join(",");
  const headers = { ...VERSION, "Upload-Length": String(upload.size), "Upload-Metadata": metadata };
  const answer = await client.request({ method: "POST", url: endpoint, headers, signal });
  const location = answer.headers.get("location");
  if (location === null || !URL.canParse(location, endpoint)) {
    throw failureOfAnswer(client.service, "no address to upload to").failure;
  }
  const url = new URL(location, endpoint);
  if (!upload.isTrusted(url)) {
    const text = `${client.service.name} wants the upload, and our token with it, at ${url.origin}. Nothing was sent there.`;
    throw new ProvenanceError("STORE_FAILED", text);
  }
  await upload.onCreated(url.href);
  return url.href;
}

/** Asks how much of an upload arrived. Undefined where the service knows nothing of it any more. */
async function askProgress(upload: TusUpload, url: string): Promise<Progress | undefined> {
  const { client, signal } = upload;
  if (!upload.isTrusted(new URL(url))) return undefined;
  const answer = await client.request({ method: "HEAD", url, headers: VERSION, accept: GONE, signal });
  return GONE.includes(answer.status) ? undefined : readProgress(answer, upload);
}

/** Sends the next piece; after a failure, what the service lacks of it. Where it lost more, the caller goes back. */
async function sendChunk(upload: TusUpload, url: string, start: number): Promise<Progress> {
  const { client, source, size, chunkBytes, signal } = upload;
  const length = Math.min(chunkBytes, size - start);
  const chunk = await source.read(start, length);
  if (chunk.length < length) {
    throw new ProvenanceError("MODEL_CHANGED", "The content became shorter while it was uploaded. Run again.");
  }
  return withRetries(
    async (attempt) => {
      if (attempt === 1) return sendPiece(upload, url, start, chunk);
      const answer = await client.send({ method: "HEAD", url, headers: VERSION, accept: GONE, signal });
      if (GONE.includes(answer.status)) throw lostTrack(upload);
      const progress = readProgress(answer, upload);
      if (progress.offset < start || progress.offset >= start + length) return progress;
      return sendPiece(upload, url, progress.offset, chunk.subarray(progress.offset - start));
    },
    client.limits,
    signal,
  );
}

async function sendPiece(upload: TusUpload, url: string, offset: number, body: Uint8Array): Promise<Progress> {
  const answer = await upload.client.send({
    method: "PATCH",
    url,
    headers: { ...VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
    body,
    accept: [OFFSET_CONFLICT, ...GONE],
    signal: upload.signal,
  });
  if (GONE.includes(answer.status)) throw lostTrack(upload);
  if (answer.status === OFFSET_CONFLICT) throw new TransientFailure(lostTrack(upload));
  if (answer.headers.has("upload-offset")) return readProgress(answer, upload);
  return { offset: offset + body.length, cid: readCid(answer) };
}

function lostTrack({ client }: TusUpload): ProvenanceError {
  const text = `${client.service.name} lost track of the upload. Run again: it goes on from what the service still has.`;
  return new ProvenanceError("STORE_FAILED", text);
}

function readProgress(answer: HttpAnswer, { client, size }: TusUpload): Progress {
  const offset = Number(answer.headers.get("upload-offset") ?? NaN);
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= size) return { offset, cid: readCid(answer) };
  throw failureOfAnswer(client.service, "an upload without a place it stands at").failure;
}

function readCid({ headers }: HttpAnswer): string | undefined {
  return headers.get("upload-cid") ?? undefined;
}
