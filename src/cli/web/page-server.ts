import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ProvenanceError } from "../../base/errors.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { createGateway } from "../../content/serve/gateway.ts";
import type { Registry } from "../../registry/registry.ts";
import { answerFile, findPage } from "./page-files.ts";
import { answerRpc } from "./rpc-relay.ts";

/** What the page is served with. */
export interface PageServerOptions {
  readonly registries: readonly Registry[];
  /** What the page reads metadata from, through a gateway of this server. */
  readonly store: BlockSource;
  /** The RPC of a Kubo node that the page pins to, as far as its user lets it. */
  readonly kubo?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The folder of the built page; that of the package when left out. */
  readonly folder?: string;
  readonly onFailure?: (error: Error) => void;
}

/** A page that is served. */
export interface PageServer {
  readonly url: string;
  readonly close: () => void;
}

const LOOPBACK = "127.0.0.1";
const LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 60_000 };

/**
 * Serves the built page on this machine alone. All that it asks lies at this one address: `config.json` names the registries,
 * `rpc/<n>` passes reading calls on to their nodes, so that the page never sees a URL with a key in it, and `ipfs/` is a
 * gateway of the store.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` where the port is taken, or the page was not built
 */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const { registries, store, port, onFailure = () => undefined } = options;
  const folder = options.folder ?? (await findPage());
  const gateway = createGateway(store, { onFailure });
  const server = createServer(LIMITS, (request, response) => {
    response.on("error", () => undefined); // whoever asked went away
    const origin = `${LOOPBACK}:${(server.address() as AddressInfo | null)?.port}`;
    route(request, response, origin).catch((error: unknown) => {
      onFailure(error as Error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });

  const route = async (request: IncomingMessage, response: ServerResponse, host: string) => {
    // A name of somebody else that leads here is a page of somebody else: it may not read what this one may.
    const named = request.headers.host ?? "";
    if (named !== host && named !== host.replace(LOOPBACK, "localhost")) {
      return void response.writeHead(421).end("This page is served to this machine alone.\n");
    }
    const { pathname } = new URL(request.url ?? "/", `http://${host}`);
    if (pathname.startsWith("/ipfs/")) return void gateway.emit("request", request, response);
    const node = /^\/rpc\/(\d{1,3})$/.exec(pathname)?.[1];
    if (node !== undefined) return answerRpc(registries[Number(node)], request, response);
    if (pathname === "/config.json") return answerConfig(options, `http://${named}`, response);
    await answerFile(folder, pathname, request, response);
  };

  server.listen(port, LOOPBACK);
  await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
    const text = `Nothing can listen on ${LOOPBACK} port ${port} (${cause.code}). Set SERVE_PORT (--port).`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  });
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the page finds filled in, in the form of web/public/config.json. */
function answerConfig({ registries, kubo }: PageServerOptions, origin: string, response: ServerResponse): void {
  const entries = registries.map(({ name = "", chainId, address, startBlock, market }, i) => {
    return { name, chainId: chainId.toString(), address, rpcUrl: `${origin}/rpc/${i}`, startBlock, market };
  });
  const config = { schemaVersion: "1.0", registries: entries, gateways: [origin], kubo };
  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(config));
}
