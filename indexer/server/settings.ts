import { parseArgs } from "node:util";
import { resolve } from "node:path";
import type { IndexedChain } from "../lib/chains.ts";
import { type ConfiguredRegistry, ProvenanceError, isDevelopmentChain, readRegistriesFile } from "./library.ts";

/** What `npm run indexer` was asked for. */
export interface Settings {
  readonly chains: readonly IndexedChain[];
  readonly host: string;
  /** Zero: any that is free. */
  readonly port: number;
  /** `postgres://…`; undefined: PGlite, in the data folder. */
  readonly databaseUrl: string | undefined;
  /** Where PGlite keeps what it has. */
  readonly dataPath: string;
  /** A local store in which documents are looked for first. */
  readonly storePath: string | undefined;
  /** Gateways from which documents are read. */
  readonly gateways: readonly string[] | undefined;
  /** Whether what was indexed before is thrown away. */
  readonly anew: boolean;
}

/** What `npm run indexer -- --help` prints. */
export const HELP = `npm run indexer -- --registries FILE [options]

Indexes the registries of a registries file, and the markets that it names beside them. Answers /graphql, /sql, /search,
/lineage, /children, /places, /weights, /anchored, /status and /metrics: candidates, for whoever uses them reads the facts
from the chain.

  --registries FILE   the registries file (MODEL_REGISTRIES)
  --database URL      postgres://… of PostgreSQL 15 or newer (DATABASE_URL); else PGlite, in the data folder
  --data PATH         where PGlite keeps what it has (INDEXER_DATA; .model-provenance/indexer)
  --host ADDRESS      where it listens (INDEXER_HOST; 127.0.0.1)
  --port NUMBER       (INDEXER_PORT; 42069)
  --store PATH        a local store in which documents are looked for first (STORE_PATH)
  --anew              throws away what was indexed, and indexes it again: where a chain took back what was final
  --gateways URLS     gateways from which documents are read, with commas (IPFS_GATEWAYS); public ones for public chains
`;

const OPTIONS = {
  registries: "MODEL_REGISTRIES",
  database: "DATABASE_URL",
  data: "INDEXER_DATA",
  host: "INDEXER_HOST",
  port: "INDEXER_PORT",
  store: "STORE_PATH",
  gateways: "IPFS_GATEWAYS",
} as const;
const POLLING_INTERVAL = 1000;

/**
 * Reads the settings: what is typed wins over variables.
 *
 * @returns undefined where help was asked for
 * @throws {ProvenanceError} `OPTION_INVALID`, `OPTION_MISSING`, `CONFIG_INVALID`
 */
export async function readSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Settings | undefined> {
  const typed = parse(args);
  if (typed["help"] !== undefined) return undefined;
  const read = (name: keyof typeof OPTIONS) => (typed[name] ?? environment[OPTIONS[name]]?.trim()) || undefined;
  const file = read("registries");
  if (file === undefined) {
    throw new ProvenanceError("OPTION_MISSING", "Name the registries file: --registries FILE (MODEL_REGISTRIES).");
  }
  const databaseUrl = read("database");
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new ProvenanceError("OPTION_INVALID", "--database (DATABASE_URL) takes postgres://…");
  }
  const port = Number(read("port") ?? 42069);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new ProvenanceError("OPTION_INVALID", `--port takes a number from 0 to 65535, not ${read("port")}.`);
  }
  return {
    chains: groupByChain(await readRegistriesFile(file), environment),
    host: read("host") ?? "127.0.0.1",
    port,
    databaseUrl,
    dataPath: resolve(read("data") ?? ".model-provenance/indexer"),
    storePath: read("store"),
    gateways: read("gateways")
      ?.split(",")
      .map((address) => address.trim())
      .filter(Boolean),
    anew: typed["anew"] !== undefined,
  };
}

function parse(args: readonly string[]): Record<string, string | undefined> {
  try {
    const options = Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, { type: "string" as const }]));
    const flags = { help: { type: "boolean", short: "h" }, anew: { type: "boolean" } } as const;
    const { values } = parseArgs({ args: [...args], options: { ...options, ...flags } });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    throw new ProvenanceError("OPTION_INVALID", `${(cause as Error).message} See npm run indexer -- --help.`, {
      cause,
    });
  }
}

function groupByChain(
  listed: readonly ConfiguredRegistry[],
  environment: Readonly<Record<string, string | undefined>>,
): IndexedChain[] {
  return [...Map.groupBy(listed, ({ chainId }) => chainId)].map(([chainId, entries]) => ({
    chainId: Number(chainId),
    rpcUrl: urlOf(entries, environment),
    isLocal: isDevelopmentChain(chainId),
    pollingInterval: POLLING_INTERVAL,
    registries: entries.map(({ address }) => address),
    markets: [...new Set(entries.flatMap(({ market }) => market ?? []))],
    startBlock: Math.min(...entries.map(({ startBlock = 0 }) => startBlock)),
  }));
}

/** The first node that is named for a chain: Ponder asks one for all of its registries. */
function urlOf(
  entries: readonly ConfiguredRegistry[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const urls = entries.map(({ rpc }) => ("url" in rpc ? rpc.url : environment[rpc.variable]?.trim()));
  const url = urls.find((one) => one !== undefined && URL.canParse(one));
  if (url !== undefined) return url;
  const [{ name, rpc }] = entries as [ConfiguredRegistry];
  const variable = "variable" in rpc ? rpc.variable : "rpcUrl";
  throw new ProvenanceError(
    "OPTION_MISSING",
    `${variable} is not set: it takes the URL of a node of ${name}, https://…`,
  );
}
