import { readFile } from "node:fs/promises";
import { type IncomingMessage, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

/** What is answered otherwise than by a file. */
export type Answer = (pathname: string, request: IncomingMessage) => Promise<object> | undefined;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** Serves a folder of this machine to a browser of it. */
export async function serveFolder(folder: string, answer: Answer = () => undefined) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const find = async () => {
      const found = await answer(pathname, request);
      if (found !== undefined) return { type: "application/json", body: JSON.stringify(found) };
      const name = pathname === "/" ? "index.html" : pathname.slice(1);
      return { type: TYPES[extname(name)] ?? "text/plain", body: await readFile(join(folder, name)) };
    };
    find().then(
      ({ type, body }) => response.writeHead(200, { "Content-Type": type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
