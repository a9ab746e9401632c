import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ProvenanceError } from "../../base/errors.ts";
import { createGateway } from "../../content/serve/gateway.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { OptionValues } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { openExistingStore, printJson } from "./store.ts";

const LOOPBACK = "127.0.0.1";
const PORT = 8080;

/** Serves the store as a gateway until the process is told to stop. Prints its address once it listens. */
export async function runStoreServe(
  options: OptionValues<"storePath" | "serveHost" | "servePort" | "format">,
  terminal: Terminal,
): Promise<ExitCode> {
  const store = await openExistingStore(options);
  const server = createGateway(store, { onFailure: ({ message }) => terminal.warn(message) });
  const { serveHost: host = LOOPBACK, servePort: port = PORT } = options;
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  server.listen(port, host);
  await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
    const text = `Nothing can listen on ${host} port ${port} (${cause.code}). Set SERVE_HOST and SERVE_PORT.`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  });
  const address = server.address() as AddressInfo;
  const url = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  if (options.format === "json") printJson(terminal, { url });
  else terminal.print(url);
  terminal.note(`serves ${store.parts.folder}, for example as ${url}/ipfs/{cid}; stop it by Ctrl-C`);
  if (!/^(127\.|::1$)/.test(address.address)) terminal.warn("Everything in the store can be read from other machines.");

  await stopped;
  server.closeAllConnections();
  server.close();
  return EXIT.done;
}
