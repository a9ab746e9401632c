import { once } from "node:events";
import { ProvenanceError } from "../../base/errors.ts";
import { readKuboEndpoint } from "../../content/stores/kubo/endpoint.ts";
import { DEFAULT_API_URL } from "../../content/stores/kubo/kubo.ts";
import type { Registry } from "../../registry/registry.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { openLocalStore } from "../open-stores.ts";
import { findDeploymentsFolder } from "../deployments-folder.ts";
import { findMarket } from "../market/open-market.ts";
import { type Options, settingsOf } from "../options.ts";
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
    registries: await nameMarkets(sources?.registry ?? [], options, terminal),
    kubo: readKuboEndpoint(options.kuboApiUrl ?? DEFAULT_API_URL).base.href,
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

/** Names the market of each registry; what cannot be asked is said, and left out. */
async function nameMarkets(registries: readonly Registry[], options: Options, terminal: Terminal): Promise<Registry[]> {
  return Promise.all(
    registries.map(async (registry) => {
      try {
        const folder = await findDeploymentsFolder(registry.chainId, settingsOf(options).variables);
        const market = await findMarket(registry, options, folder);
        return market === undefined ? registry : { ...registry, market: market.address };
      } catch (error) {
        if (!(error instanceof ProvenanceError)) throw error;
        terminal.warn(`No market of licences is filled in. ${error.message}`);
        return registry;
      }
    }),
  );
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
