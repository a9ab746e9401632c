import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HubState } from "./hub.ts";
import { answerError, findRepo } from "./hub-api.ts";
import { type HubFile, gitOid, pointerOf } from "./hub-repo.ts";

const FILE = /^\/([^/]+\/[^/]+)\/(resolve|raw)\/([^/]+)\/(.+)$/;

/** Answers a file of a revision: plain ones at once, LFS files by a redirect to the other origin, pointers as `raw`. */
export function answerFile(state: HubState, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const match = FILE.exec(url.pathname)?.map((part) => decodeURIComponent(part));
  if (match === undefined) return answerError(response, 404, undefined, "Not found");
  const [, id, kind, revision, path] = match as [string, string, string, string, string];
  const { authorization } = request.headers;
  const found = findRepo(state, { id, revision, authorization }, url, response);
  if (found === undefined) return;
  if (found.repo.access === "gated" && authorization === undefined) {
    const text = `Access to model ${id} is restricted. You must have access to it and be authenticated to access it.`;
    return answerError(response, 401, "GatedRepo", text);
  }
  const file = found.commit?.files.get(path);
  if (file === undefined) return answerError(response, 404, "EntryNotFound", "Entry not found");
  const content = file.content();
  if (kind === "raw") return send(request, response, Buffer.from(file.lfs ? pointerOf(content) : content));
  if (!file.lfs) {
    response.setHeader("etag", `"${gitOid(content)}"`);
    return send(request, response, content);
  }
  const oid = createHash("sha256").update(content).digest("hex");
  const words = "Found. Redirecting to where Git LFS keeps it.";
  response.writeHead(302, {
    "content-length": String(words.length),
    "x-linked-etag": `"${oid}"`,
    "x-linked-size": String(content.length),
    location: `${state.contentUrl}/lfs/${encodeURIComponent(id)}/${revision}/${encodeURIComponent(path)}`,
  });
  response.end(request.method === "HEAD" ? undefined : words);
}

/** Answers an LFS file on the other origin, which knows of no token. */
export function answerContent(state: HubState, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const [, , id, revision, path] = url.pathname.split("/").map((part) => decodeURIComponent(part));
  const commit = state.repos.get(id as string)?.commits.find(({ sha }) => sha === revision);
  const main = revision === "main" ? state.repos.get(id as string)?.commits.at(-1) : undefined;
  const file: HubFile | undefined = (commit ?? main)?.files.get(path as string);
  if (file === undefined) return answerError(response, 404, undefined, "NoSuchKey");
  const content = file.content();
  response.setHeader("etag", `"${createHash("sha256").update(content).digest("hex")}"`);
  send(request, response, content);
}

function send(request: IncomingMessage, response: ServerResponse, content: Uint8Array): void {
  response.setHeader("accept-ranges", "bytes");
  response.setHeader("content-type", "application/octet-stream");
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (range === null) {
    response.writeHead(200, { "content-length": String(content.length) });
    return void response.end(request.method === "HEAD" ? undefined : content);
  }
  const start = Number(range[1]);
  const end = Math.min(range[2] === "" ? content.length - 1 : Number(range[2]), content.length - 1);
  if (start > end) {
    response.writeHead(416, { "content-range": `bytes */${content.length}` });
    return void response.end();
  }
  const piece = content.subarray(start, end + 1);
  response.writeHead(206, {
    "content-length": String(piece.length),
    "content-range": `bytes ${start}-${end}/${content.length}`,
  });
  response.end(request.method === "HEAD" ? undefined : piece);
}
