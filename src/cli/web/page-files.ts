import { createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { ProvenanceError } from "../../base/errors.ts";

// From the sources as from dist/.
const BUILT = ["../../../dist/web", "../../../web"];
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};
const ALWAYS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  // The rest stands in the page itself, which a gateway serves without headers of ours.
  "Content-Security-Policy": "frame-ancestors 'none'",
};
const HASHED = /^\/assets\/.*-[\w-]{8}\.\w+$/;

/** The folder of the built page. @throws {ProvenanceError} `OPTION_INVALID` where it was not built */
export async function findPage(): Promise<string> {
  for (const path of BUILT) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    const isThere = await access(join(folder, "index.html")).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  throw new ProvenanceError("OPTION_INVALID", "The page was not built. Run npm run build first.");
}

/** Answers with a file of the page; nothing outside of its folder is ever opened. */
export async function answerFile(
  folder: string,
  pathname: string,
  { method }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method !== "GET" && method !== "HEAD") return void response.writeHead(405, { Allow: "GET, HEAD" }).end();
  const name = pathname === "/" ? "/index.html" : pathname;
  const type = TYPES[extname(name)];
  // Names of the page are plain: dots that lead upwards, escapes and hidden files are none of them.
  const path = /^(\/[\w-][\w.-]*)+$/.test(name) && type !== undefined ? join(folder, name) : undefined;
  const stats = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !stats?.isFile()) {
    return void response.writeHead(404, { ...ALWAYS, "Content-Type": "text/plain" }).end("There is no such file.\n");
  }
  const cache = HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache";
  response.writeHead(200, {
    ...ALWAYS,
    "Content-Type": type,
    "Content-Length": stats.size,
    "Cache-Control": cache,
  });
  if (method === "HEAD") return void response.end();
  await pipeline(createReadStream(path), response);
}
