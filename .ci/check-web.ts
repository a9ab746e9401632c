import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toHex32 } from "../src/base/hex.ts";
import { servePage } from "../src/cli/web/page-server.ts";
import { toCaip10 } from "../src/registry/registry.ts";
import { deployRegistry, recordModel } from "../test/helpers/recorded-model.ts";

/**
 * Measures the built page with lighthouse: 95 of 100 for performance (on a slow phone, as lighthouse reckons it),
 * accessibility and best practices, on every screen that needs no registry, and, but for performance, on a model that is recorded on a
 * chain in this process: what it shows waits for the chain, and takes the library that reads it. Asks nobody but this machine. What else runs here makes a page slower and never faster, so that the best of three tries counts. Where lighthouse or Chromium is not
 * installed it says so and ends with 0.
 *
 *   node .ci/check-web.ts
 */
const PEERS = join(import.meta.dirname, "peers/lighthouse/node_modules");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PAGE = join(import.meta.dirname, "../dist/web");
const SCREENS = ["#/", "#/registry", "#/settings"];
const MODEL = { "README.md": "---\nlicense: mit\n---\nA model.", "model.safetensors": "weights" };
const SHAPE = ["accessibility", "best-practices"];
const CATEGORIES = ["performance", ...SHAPE];
const LEAST = 95;
const TRIES = 3;

interface Report {
  readonly lhr: {
    readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
    readonly audits: Readonly<Record<string, { readonly score: number | null; readonly title: string }>>;
  };
}
interface Chrome {
  readonly port: number;
  readonly kill: () => void;
}
type Lighthouse = (url: string, flags: object) => Promise<Report>;
type Launch = (options: object) => Promise<Chrome>;

const chromePath = CHROMIUM.find((path) => existsSync(path));
if (!existsSync(PEERS) || chromePath === undefined) {
  console.log("skipped: the page is measured with lighthouse and Chromium (.ci/install-peers)");
} else process.exitCode = (await checkScreens(chromePath)) ? 0 : 1;

async function checkScreens(browser: string): Promise<boolean> {
  const { launch } = await load<{ launch: Launch }>("chrome-launcher/dist/index.js");
  const store = { get: async () => Promise.reject(new Error("There is no store.")) };
  const server = await servePage({ registries: [], store, port: 0, folder: PAGE });
  const recorded = await serveModel();
  const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu"];
  const chrome = await launch({ chromePath: browser, chromeFlags, logLevel: "error" });
  try {
    let isGood = true;
    for (const screen of SCREENS) isGood = (await checkScreen(`${server.url}${screen}`, chrome.port)) && isGood;
    return (await checkScreen(recorded.url, chrome.port, SHAPE)) && isGood;
  } finally {
    chrome.kill();
    server.close();
    await recorded.close();
  }
}

/** Records a model on a chain of its own, and serves the page with its registry. */
async function serveModel(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "check-web-"));
  for (const [name, text] of Object.entries(MODEL)) await writeFile(join(folder, name), text);
  const deployed = await deployRegistry();
  const { registry, store } = deployed;
  const statements = { version: "1.0.0", metrics: [{ name: "accuracy", value: 0.93 }] };
  const tokenId = await recordModel(deployed, { modelPath: folder, statements });
  const server = await servePage({ registries: [registry], store, port: 0, folder: PAGE });
  const close = async () => {
    server.close();
    await rm(folder, { recursive: true });
  };
  return { url: `${server.url}#/${toCaip10(registry)}/${toHex32(tokenId)}`, close };
}

/** @param held - the categories that decide; the others are printed */
async function checkScreen(url: string, port: number, held: readonly string[] = CATEGORIES): Promise<boolean> {
  const { default: lighthouse } = await load<{ default: Lighthouse }>("lighthouse/core/index.js");
  for (let tries = 1; ; tries++) {
    const { lhr } = await lighthouse(url, { port, logLevel: "error", onlyCategories: CATEGORIES });
    const scores = CATEGORIES.map((name) => Math.round((lhr.categories[name]?.score ?? 0) * 100));
    console.log(`${new URL(url).hash} ${CATEGORIES.map((name, i) => `${name} ${scores[i]}`).join(", ")}`);
    const isGood = (name: string) => !held.includes(name) || (scores[CATEGORIES.indexOf(name)] ?? 0) >= LEAST;
    if (CATEGORIES.every(isGood)) return true;
    if (tries < TRIES && SHAPE.every(isGood)) continue;
    for (const { score, title } of Object.values(lhr.audits)) {
      if (score !== null && score < 0.9) console.log(`  ${Math.round(score * 100)} ${title}`);
    }
    return false;
  }
}

async function load<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(PEERS, path)).href)) as Module;
}
