import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Hub, type HubOptions, openHub } from "../../src/hub/hub.ts";
import { type HubOptions as ServerOptions, type ReplayHub, startHub } from "./servers/hub.ts";
import type { HubRepo } from "./servers/hub-repo.ts";

/** A clock that stands still until somebody sleeps. */
export function manualClock() {
  const slept: number[] = [];
  let time = Date.UTC(2026, 0, 1);
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds);
    time += milliseconds;
  };
  return { slept, sleep, now: () => time };
}

/** Starts a replay server for every test of the enclosing `describe`, with a client that never waits in earnest. */
export function useHub(options: ServerOptions = {}) {
  let server: ReplayHub | undefined;

  beforeEach(async function () {
    server = await startHub(options);
  });

  afterEach(async function () {
    await server?.close();
  });

  return {
    server: () => server as ReplayHub,
    open: (more: HubOptions = {}): Hub => {
      return openHub({ endpoint: (server as ReplayHub).url, ...manualClock(), ...more });
    },
  };
}

/** Writes a repository's files into a folder, as a download does. */
export async function downloadByHand(repo: HubRepo, folder: string): Promise<string> {
  for (const [name, file] of repo.commits.at(-1)?.files ?? []) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), file.content());
  }
  return folder;
}
