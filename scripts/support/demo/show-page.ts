import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import type { ExitCode } from "../../../src/cli/exit-codes.ts";
import { runWeb } from "../../../src/cli/run/web.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { findPage } from "../../../src/cli/web/page-files.ts";
import { openBrowser } from "./open-browser.ts";
import { chapter } from "./telling.ts";

/** What a story left, to be looked at. */
export interface ToldStory {
  readonly connection: ChainConnection;
  readonly registryAddress: string;
  readonly storePath: string;
  /** Folders that can be dropped on the page. */
  readonly models: readonly string[];
}

/** Builds the page where that was not done. */
export async function ensurePage(): Promise<void> {
  await findPage().catch(() => {
    console.log("Building the page, once");
    execFileSync("npm", ["run", "--silent", "build:web"], { stdio: "inherit" });
  });
}

/** Keeps the chain and the files of a story, and opens the page on them, until Ctrl-C. */
export async function showPage(
  { connection, registryAddress, storePath, models }: ToldStory,
  terminal: Terminal,
): Promise<ExitCode> {
  chapter("The page shows it");
  console.log(`Drop a folder of ${dirname(models[0] ?? "")} on it, or look into the registry:`);
  for (const model of models) console.log(`  ${model}`);
  const open = async (url: string) => {
    if (!(await openBrowser(url))) console.log(`No browser could be opened from here: open ${url} in one.`);
  };
  const options = { registryAddress, storePath, servePort: 0 };
  return runWeb(options, async () => Promise.resolve(connection), terminal, open);
}
