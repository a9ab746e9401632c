import { join } from "node:path";
import { type Page, chromium } from "playwright-core";
import { findBrowser } from "./find-browser.ts";
import { STAND_IN, answerCall } from "./registry-node.ts";
import { serveFolder } from "./serve-folder.ts";

/** What was measured; times in milliseconds. */
export interface RegistryTimes {
  readonly models: number;
  /** From the opening of the screen until all events are in the table. */
  readonly readMs: number;
  /** From a change of the filters until the next frame after the table has changed. */
  readonly filterMs: readonly { readonly what: string; readonly found: string; readonly ms: number }[];
}

const PAGE = join(import.meta.dirname, "../../dist/web");
const READING_MAX = 600_000;
// Runs in the page: the time from a change of a field until the frame after the document has changed.
const CHANGE = `async (label, value) => {
  const field = [...document.querySelectorAll("label")].find(({ textContent }) => textContent === label).control;
  const before = performance.now();
  const changed = new Promise((resolve) => {
    const observer = new MutationObserver(() => (observer.disconnect(), resolve()));
    observer.observe(document.querySelector("article"), { subtree: true, childList: true, characterData: true });
  });
  field.value = value;
  field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  await changed;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - before;
}`;

/** Opens the registry of so many models in Chromium, and filters it in several ways. */
export async function measureRegistry(models: number): Promise<RegistryTimes> {
  const executablePath = findBrowser();
  const server = await serve(models);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const start = performance.now();
    await page.goto(`${server.url}#/registry`);
    await page.getByText("in its events up to block").waitFor({ timeout: READING_MAX });
    await page.getByText(`${models.toLocaleString("en")} models`, { exact: true }).waitFor({ timeout: READING_MAX });
    const readMs = performance.now() - start;
    return { models, readMs, filterMs: await measureFilters(page) };
  } finally {
    await browser.close();
    server.close();
  }
}

async function measureFilters(page: Page): Promise<RegistryTimes["filterMs"]> {
  const measured = [];
  for (const [what, label, value] of [
    ["licence MIT", "Licence", "MIT"],
    ["any licence", "Licence", ""],
    ["relation merge", "Relation", "merge"],
    ["any relation", "Relation", ""],
    ["word pytorch", "Search", "pytorch"],
    ["words of few models", "Search", "pytorch 0.0424"],
    ["no word", "Search", ""],
    ["oldest first", "Order", "oldest"],
  ] as const) {
    const ms = await page.evaluate<number>(`(${CHANGE})(${JSON.stringify(label)}, ${JSON.stringify(value)})`);
    measured.push({ what, found: (await page.locator(".count").textContent()) ?? "", ms });
  }
  return measured;
}

async function serve(models: number) {
  return serveFolder(PAGE, (pathname, request) => {
    if (pathname === "/rpc") return answerRpc(request, models);
    if (pathname !== "/config.json") return undefined;
    return Promise.resolve({ schemaVersion: "1.0", registries: [{ ...STAND_IN, rpcUrl: "/rpc" }] });
  });
}

async function answerRpc(request: AsyncIterable<Uint8Array>, models: number): Promise<object> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece);
  const call = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Parameters<typeof answerCall>[0];
  return { jsonrpc: "2.0", id: call.id, result: answerCall(call, models) };
}
