import type { ServerResponse } from "node:http";

/** How the hub misbehaves for some requests. */
export interface HubFault {
  /** Which requests, by path and query. */
  readonly path: RegExp;
  /** How often; once unless said. */
  times?: number;
  /** Answers with this status instead; with `status` left out the connection is cut. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends the body's beginning and cuts the connection. */
  readonly truncate?: boolean;
  /** Sends this body of zeros again and again: as many MiB. */
  readonly flood?: number;
  /** Called before the answer; what it waits for delays it. */
  readonly before?: () => Promise<void> | void;
}

const MIB = Buffer.alloc(1024 * 1024);

/** Answers as a fault says. @returns false where the request is to be answered as usual after all */
export async function misbehave(fault: HubFault, response: ServerResponse): Promise<boolean> {
  await fault.before?.();
  const { status, headers = {}, body = "" } = fault;
  if (fault.flood !== undefined) {
    response.writeHead(status ?? 200, { "content-type": "application/json", ...headers });
    for (let sent = 0; sent < fault.flood && !response.destroyed; sent++) {
      if (!response.write(MIB)) {
        await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
      }
    }
    response.end();
    return true;
  }
  if (fault.truncate) {
    response.writeHead(status ?? 200, { "content-length": "1000000", ...headers });
    response.write(body.length > 0 ? body : "[", () => response.destroy());
    return true;
  }
  if (status === undefined) {
    if (fault.before !== undefined) return false;
    response.destroy();
    return true;
  }
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body.length > 0 ? body : JSON.stringify({ error: `replayed ${status}` }));
  return true;
}
