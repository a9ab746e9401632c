import { mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page, chromium } from "playwright-core";
import { build } from "vite";
import { findBrowser } from "./find-browser.ts";
import { serveFolder } from "./serve-folder.ts";

/** How fast the page hashes beside a peer in the same run. Above 1: faster. */
export interface HashRatio {
  readonly what: string;
  readonly pageMs: number;
  readonly peerMs: number;
  readonly ratio: number;
}

/** What hashing a file takes of the memory of all processes that draw or hash, at its highest. */
export interface HashMemory {
  readonly bytes: number;
  readonly peakBytes: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const ROUNDS = 3;
const WEB = join(import.meta.dirname, "../../web");

/** Hashes eight files of 64 MiB and one of 2 GiB in Chromium as the page does, and as its peers do, in turns. */
export async function measureHashing(): Promise<HashRatio[]> {
  return withPage(async (page, folder) => {
    const many = Array.from({ length: 8 }, (_, i) => join(folder, `part-${i}.bin`));
    for (const [i, path] of many.entries()) await writeFile(path, Buffer.alloc(64 * MIB, i + 1));
    const one = join(folder, "whole.bin");
    await createSparse(one, 2 * GIB);
    return [
      await compare(page, many, "leaves", "eight files of 64 MiB, against WebCrypto on leaves with all cores"),
      await compare(page, [one], "wasm", "a file of 2 GiB, against hash-wasm alone"),
    ];
  });
}

/** Hashes files of 1 and of 5 GiB, each in a browser of its own: the peak of its processes must not grow with the file. */
export async function measureMemory(): Promise<HashMemory[]> {
  const found: HashMemory[] = [];
  for (const bytes of [GIB, 5 * GIB]) {
    found.push(
      await withPage(async (page, folder, browser) => {
        const path = join(folder, "whole.bin");
        await createSparse(path, bytes);
        await measure(page, [path], "page");
        return { bytes, peakBytes: await readPeak(browser) };
      }),
    );
  }
  return found;
}

async function withPage<T>(work: (page: Page, folder: string, browser: Browser) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-bench-"));
  const built = join(folder, "page");
  const configFile = join(WEB, "vite.config.ts");
  await build({ configFile, root: join(WEB, "bench"), logLevel: "error", build: { outDir: built } });
  const server = await serveFolder(built);
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    return await work(page, folder, browser);
  } finally {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** The best of several rounds, in turns: what else runs on a machine only ever takes time. */
async function compare(page: Page, paths: readonly string[], peer: string, what: string): Promise<HashRatio> {
  let [pageMs, peerMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    peerMs = Math.min(peerMs, await measure(page, paths, peer));
    pageMs = Math.min(pageMs, await measure(page, paths, "page"));
  }
  return { what, pageMs, peerMs, ratio: peerMs / pageMs };
}

async function measure(page: Page, paths: readonly string[], name: string): Promise<number> {
  await page.locator("input").setInputFiles([...paths]);
  return page.evaluate<number>(`measure(${JSON.stringify(name)})`);
}

async function createSparse(path: string, bytes: number): Promise<void> {
  await (await open(path, "w")).close();
  await truncate(path, bytes);
}

/** The sum of the peaks of all renderers, as Linux tells them. */
async function readPeak(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const peaks = processInfo
    .filter(({ type }) => type === "renderer")
    .map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, "utf8");
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    });
  return (await Promise.all(peaks)).reduce((sum, peak) => sum + peak, 0);
}
