import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, type Server, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { BlockSource } from "../../src/content/content-store.ts";
import { createGateway } from "../../src/content/serve/gateway.ts";

/** What a gateway answered. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A gateway of ours that runs in this process. */
export interface OwnGateway {
  readonly url: string;
  readonly server: Server;
  /** What went wrong, as whoever runs it is told. */
  readonly failures: readonly string[];
  /** Asks for a path exactly as it is written. Rejects where the answer breaks off. */
  readonly ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

/** Serves a store on a free port of this machine. Close it when the test is done. */
export async function startGateway(store: BlockSource): Promise<OwnGateway> {
  const failures: string[] = [];
  const server = createGateway(store, { onFailure: ({ message }) => failures.push(message) });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    failures,
    ask: async (path, headers = {}, method = "GET") => {
      const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
      asked.end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      const pieces: Buffer[] = [];
      for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
      return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
