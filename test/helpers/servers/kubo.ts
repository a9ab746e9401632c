import type { IncomingMessage } from "node:http";
import { readCar } from "../../../src/content/car/read-car.ts";
import { fileOf } from "../file-of.ts";
import { startServer } from "../local-server.ts";

/** A node that answers as Kubo does to an import, and keeps nothing of it: for what no memory should hold. */
export async function startForgetfulKubo() {
  const imports: { root: string; bytes: number }[] = [];
  const server = await startServer((request, response) => {
    void drain(request).then(({ start, bytes }) => {
      void readRoot(start).then((root) => {
        imports.push({ root, bytes });
        response.writeHead(200, { "content-type": "application/json" });
        response.end(`${JSON.stringify({ Root: { Cid: { "/": root }, PinErrorMsg: "" } })}\n`);
      });
    });
  });
  return { ...server, imports };
}

async function drain(request: IncomingMessage): Promise<{ start: Buffer; bytes: number }> {
  let start = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (start.length < 1024) start = Buffer.concat([start, chunk]);
    bytes += chunk.length;
  }
  return { start, bytes };
}

/** The root in the header of the archive, which is the one part of a form. */
async function readRoot(start: Buffer): Promise<string> {
  const { roots } = await readCar(fileOf(start.subarray(start.indexOf("\r\n\r\n") + 4)));
  return String(roots[0]);
}
