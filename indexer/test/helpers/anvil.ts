import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { JsonRpcProvider } from "ethers";

/** A node that keeps its blocks linked and can take some of them back. */
export interface Anvil {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  readonly close: () => Promise<void>;
}

/** Where anvil is; undefined where it is not installed. */
export function findAnvil(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "anvil")).find((path) => existsSync(path));
}

/** How anvil is started. */
export interface AnvilOptions {
  /**
   * Of so many blocks, 0 or more, it keeps what the chain was: as many as may be taken back. Left out: of all of them, each a
   * copy, which with 100 000 models in 400 blocks takes 10 GB.
   */
  readonly states?: number;
}

/** Starts anvil on a free port, with no limit of gas for a block or a transaction. */
export async function startAnvil(path: string, { states }: AnvilOptions = {}): Promise<Anvil> {
  const args = ["--port", "0", "--chain-id", "31337", "--disable-block-gas-limit", "--hardfork", "cancun"];
  if (states !== undefined) args.push("--prune-history", ...(states > 0 ? [String(states)] : []));
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await readUrl(child);
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 50, batchMaxCount: 1 });
  return {
    url,
    provider,
    close: async () => {
      provider.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

async function readUrl(child: ChildProcess): Promise<string> {
  const found = Promise.withResolvers<string>();
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const place = /Listening on (127\.0\.0\.1:\d+)/.exec(text)?.[1];
    if (place !== undefined) found.resolve(`http://${place}`);
  });
  child.once("exit", (code) => found.reject(new Error(`anvil ended with ${code}: ${text}`)));
  return found.promise;
}
