import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/** The command of Kubo, where it is installed. */
export const IPFS = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "ipfs"))
  .find(existsSync);

/** A node of its own, that knows no other. */
export interface KuboDaemon {
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  /** Runs the command on its repository. */
  readonly run: (...args: string[]) => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a node without network in a repository of its own, on free ports.
 *
 * @param secret - what callers of its RPC must know, as its configuration takes it
 * @param origin - of pages that may ask its RPC; none but its own unless given
 */
export async function startKubo({
  secret,
  origin,
}: { readonly secret?: string; readonly origin?: string } = {}): Promise<KuboDaemon> {
  const repository = await mkdtemp(join(tmpdir(), "model-provenance-kubo-"));
  const env = { PATH: process.env["PATH"], HOME: repository, IPFS_PATH: repository };
  const run = (...args: string[]) => execFileSync(IPFS as string, args, { env, encoding: "utf8", stdio: "pipe" });
  run("init", "--empty-repo");
  run("config", "--json", "AutoConf.Enabled", "false");
  for (const name of ["Bootstrap", "DNS.Resolvers", "Routing.DelegatedRouters", "Ipns.DelegatedPublishers"]) {
    run("config", "--json", name, name === "DNS.Resolvers" ? "{}" : "[]");
  }
  const addresses = { API: "/ip4/127.0.0.1/tcp/0", Gateway: "/ip4/127.0.0.1/tcp/0", Swarm: [] };
  run("config", "--json", "Addresses", JSON.stringify(addresses));
  if (secret !== undefined) {
    const authorizations = { test: { AuthSecret: secret, AllowedPaths: ["/api/v0"] } };
    run("config", "--json", "API.Authorizations", JSON.stringify(authorizations));
  }
  if (origin !== undefined) {
    run("config", "--json", "API.HTTPHeaders.Access-Control-Allow-Origin", JSON.stringify([origin]));
  }
  const child = spawn(IPFS as string, ["daemon", "--offline"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(repository, { recursive: true, force: true });
  };
  try {
    return { ...(await readAddresses(child)), run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readAddresses(child: ChildProcess): Promise<{ apiUrl: string; gatewayUrl: string }> {
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const addresses = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    output += `${line}\n`;
    const found = /^(RPC API|Gateway) server listening on \/ip4\/([\d.]+)\/tcp\/(\d+)$/.exec(line);
    if (found) addresses.set(found[1] as string, `http://${found[2]}:${found[3]}`);
    if (line === "Daemon is ready") {
      child.stdout?.resume(); // it would stop where nobody reads what it says
      return { apiUrl: addresses.get("RPC API") as string, gatewayUrl: addresses.get("Gateway") as string };
    }
  }
  throw new Error(`The daemon did not start: ${output}`);
}
