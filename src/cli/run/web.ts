import { once } from "node:events";
import { ProvenanceError } from "../../base/errors.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { openLocalStore } from "../open-stores.ts";
import type { Options } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { type OpenedSources, openSources } from "../verify/with-registries.ts";
import { servePage } from "../web/page-server.ts";

const PORT = 8787;
// Without a registry the page says how to name one; a registry that cannot be asked is an error here.
const UNNAMED = ["REGISTRY_NOT_CONFIGURED", "OPTION_MISSING"];

/**
 * Serves the page until the process is told to stop. Prints its address once it listens.
 *
 * @param onListening - told of the address then
 */
export async function runWeb(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
  onListening: (url: string) => Promise<void> = async () => Promise.resolve(),
): Promise<ExitCode> {
  const sources = await openNamed(options, connect, terminal);
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const { url, close } = await servePage({
    registries: sources?.registry ?? [],
    store: sources?.store ?? openLocalStore(options),
    port: options.servePort ?? PORT,
    onFailure: ({ message }) => terminal.warn(message),
  });
  if (options.format === "json") printJson(terminal, { url });
  else terminal.print(url);
  terminal.note("serves the page on this machine alone; stop it by Ctrl-C");
  await Promise.race([stopped, onListening(url)]);
  await stopped;
  close();
  return EXIT.done;
}

async function openNamed(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<OpenedSources | undefined> {
  try {
    return await openSources(options, connect, terminal);
  } catch (error) {
    if (!(error instanceof ProvenanceError) || !UNNAMED.includes(error.code)) throw error;
    terminal.note(`No registry is filled in. ${error.message}`);
    return undefined;
  }
}
