import { Readable } from "node:stream";
import type { FileHandle } from "node:fs/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Conditions, decideAnswer } from "./decide-answer.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { Refusal } from "./refusal.ts";
import { type RequestState, pathOf, stateOf } from "./request-state.ts";
import type { ServedFile } from "./served-model.ts";
import type { Session } from "./sessions.ts";

const PREFIX = "/v1/files/";
const PIECE_BYTES = 128 * 1024;

/** The files of the model: a list, and each by its name. */
export function addFileRoutes(app: FastifyInstance, files: ReadonlyMap<string, ServedFile>, keeper: Gatekeeper): void {
  app.get("/v1/files", async (request) => {
    const state = stateOf(request);
    state.event = "list";
    await keeper.admit(state.session);
    return {
      schemaVersion: "1.0",
      files: [...files.values()].map(({ name, size, sha256 }) => ({ name, size, sha256 })),
    };
  });

  app.route({
    method: ["GET", "HEAD"],
    url: `${PREFIX}*`,
    handler: async (request, reply) => {
      const state = stateOf(request);
      state.event = "download";
      const session = await keeper.admit(state.session);
      const file = files.get(nameOf(request.raw.url));
      if (file === undefined) throw new Refusal(404, "not_found", "There is no such file in the model.");
      state.path = file.name;
      return answer(file, session, keeper, request, reply);
    },
  });
}

/** The name that a URL asks for. Looked up as it is: there is no path that a trick could lead out of. */
function nameOf(url: string | undefined): string {
  const path = pathOf(url);
  const parts = path.slice(PREFIX.length).split("/");
  try {
    if (!path.startsWith(PREFIX)) throw new URIError("the prefix in another spelling");
    const decoded = parts.map(decodeURIComponent);
    if (decoded.some((part) => part.includes("/"))) throw new URIError("a slash in a part");
    return decoded.join("/");
  } catch (cause) {
    throw new Refusal(400, "request_invalid", "The name of the file is not encoded as a URL.", { cause });
  }
}

async function answer(
  file: ServedFile,
  session: Session,
  keeper: Gatekeeper,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { size, sha256 } = file;
  const etag = `"${sha256}"`;
  const isHead = request.method === "HEAD";
  const decision = decideAnswer(size, etag, conditionsOf(request, isHead));
  void reply.code(decision.status).headers({
    etag,
    "accept-ranges": "bytes",
    "cache-control": "private, no-cache",
    vary: "authorization",
  });
  if (decision.status === 304) return reply.send();
  if (decision.status === 412) throw new Refusal(412, "precondition_failed", "The file has another digest.");
  if (decision.status === 416) {
    void reply.header("content-range", `bytes */${size}`);
    throw new Refusal(416, "range_not_satisfiable", "The file has no such bytes.");
  }
  const range = decision.status === 206 ? decision.range : { start: 0, end: size - 1 };
  if (decision.status === 206) void reply.header("content-range", `bytes ${range.start}-${range.end}/${size}`);
  void reply.headers({
    "content-type": "application/octet-stream",
    "content-length": String(range.end - range.start + 1),
    "content-disposition": `attachment; filename*=UTF-8''${encodeName(file.name)}`,
    "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
  });
  if (isHead) return reply.send();
  return reply.send(await openStream(file, range, session, keeper, stateOf(request)));
}

// A range means something with GET alone.
function conditionsOf({ headers }: FastifyRequest, isHead: boolean): Conditions {
  return {
    ifMatch: headers["if-match"],
    ifNoneMatch: headers["if-none-match"],
    ...(!isHead && { range: headers.range, ifRange: headers["if-range"] as string | undefined }),
  };
}

async function openStream(
  file: ServedFile,
  range: { start: number; end: number },
  session: Session,
  keeper: Gatekeeper,
  state: RequestState,
): Promise<Readable> {
  const handle = await file.shared.acquire();
  const pieces = countBytes(keeper.guard(session, readPieces(file, handle, range)), state);
  const stream = Readable.from(pieces, { objectMode: false });
  stream.once("close", () => void file.shared.release());
  return stream;
}

async function* readPieces(
  { shared }: ServedFile,
  handle: FileHandle,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Buffer> {
  let position = start;
  while (position <= end) {
    const length = Math.min(PIECE_BYTES, end - position + 1);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    position += bytesRead;
    // Before the last piece goes out: an answer that ends as it should is one of the file that was verified.
    if (bytesRead === 0 || position > end) await shared.assertUnchanged(handle);
    if (bytesRead === 0) throw new Refusal(503, "file_changed", "This file is not the one that was verified.");
    yield buffer.subarray(0, bytesRead);
  }
}

async function* countBytes(pieces: AsyncIterable<Buffer>, state: RequestState): AsyncGenerator<Buffer> {
  state.bytes = 0;
  try {
    for await (const piece of pieces) {
      state.bytes += piece.length;
      yield piece;
    }
  } catch (error) {
    if (error instanceof Refusal) state.outcome = error.reason;
    throw error;
  }
}

/** RFC 8187: all but letters, digits and a few signs in percent. */
function encodeName(name: string): string {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return encodeURIComponent(base).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
