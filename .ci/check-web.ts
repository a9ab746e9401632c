import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { servePage } from "../src/cli/web/page-server.ts";

/**
 * Measures the built page with lighthouse: 95 of 100 for performance (on a slow phone, as lighthouse reckons it),
 * accessibility and best practices, on every screen that needs no registry. Asks nobody but this machine. What else runs
 * here makes a page slower and never faster, so that the best of three tries counts. Where lighthouse or Chromium is not
 * installed it says so and ends with 0.
 *
 *   node .ci/check-web.ts
 */
const PEERS = join(import.meta.dirname, "peers/lighthouse/node_modules");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PAGE = join(import.meta.dirname, "../dist/web");
const SCREENS = ["#/", "#/registry", "#/settings"];
const CATEGORIES = ["performance", "accessibility", "best-practices"];
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
  const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu"];
  const chrome = await launch({ chromePath: browser, chromeFlags, logLevel: "error" });
  try {
    let isGood = true;
    for (const screen of SCREENS) isGood = (await checkScreen(`${server.url}${screen}`, chrome.port)) && isGood;
    return isGood;
  } finally {
    chrome.kill();
    server.close();
  }
}

async function checkScreen(url: string, port: number): Promise<boolean> {
  const { default: lighthouse } = await load<{ default: Lighthouse }>("lighthouse/core/index.js");
  for (let tries = 1; ; tries++) {
    const { lhr } = await lighthouse(url, { port, logLevel: "error", onlyCategories: CATEGORIES });
    const scores = CATEGORIES.map((name) => Math.round((lhr.categories[name]?.score ?? 0) * 100));
    console.log(`${new URL(url).hash} ${CATEGORIES.map((name, i) => `${name} ${scores[i]}`).join(", ")}`);
    if (scores.every((score) => score >= LEAST)) return true;
    if (tries < TRIES && scores.slice(1).every((score) => score >= LEAST)) continue;
    for (const { score, title } of Object.values(lhr.audits)) {
      if (score !== null && score < 0.9) console.log(`  ${Math.round(score * 100)} ${title}`);
    }
    return false;
  }
}

async function load<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(PEERS, path)).href)) as Module;
}
