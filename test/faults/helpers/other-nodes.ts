import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEther } from "ethers";
import { developmentWallet } from "../../helpers/publishing.ts";
import { nodeAt } from "../../helpers/node-at.ts";

const CHAIN_ID = 1337;
const TRIES = 300;
const PAUSE_MILLISECONDS = 100;

/** A program that is a node, with a chain of its own that makes a block each second. */
export interface OtherNode {
  readonly program: string;
  readonly args: (port: number, folder: string) => string[];
}

/** Nodes of other people. What is not on the path is not tried. */
export const OTHER_NODES: readonly OtherNode[] = [
  {
    program: "geth",
    args: (port, folder) => [
      ...["--dev", "--dev.period", "1", "--datadir", folder, "--ipcdisable", "--nodiscover", "--verbosity", "1"],
      ...["--http", "--http.port", String(port), "--http.api", "eth,net,web3"],
    ],
  },
  {
    program: "anvil",
    args: (port) => ["--port", String(port), "--block-time", "1", "--chain-id", String(CHAIN_ID), "--silent"],
  },
];

/** Tells whether a program can be run. */
export function isOnPath(program: string): boolean {
  return spawnSync("which", [program]).status === 0;
}

/** Starts a node on a free port, with money for the first of the development accounts. Close it in `after`. */
export async function startOtherNode({ program, args }: OtherNode) {
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-node-"));
  const port = await freePort();
  const child = spawn(program, args(port, folder), { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  const provider = nodeAt(url, CHAIN_ID);
  await waitFor(async () => (await provider.send("eth_chainId", [])) === `0x${CHAIN_ID.toString(16)}`, child);
  const { address } = developmentWallet(0);
  if ((await provider.getBalance(address)) === 0n) {
    const rich = await provider.getSigner(0);
    await (await rich.sendTransaction({ to: address, value: parseEther("1000") })).wait();
  }
  provider.destroy();
  const close = async () => {
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, chainId: CHAIN_ID, close };
}

async function waitFor(isReady: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}`);
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
  child.kill();
  throw new Error("the node did not start");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
