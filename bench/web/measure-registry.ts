import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type Page, chromium } from "playwright-core";
import { STAND_IN, answerCall } from "./registry-node.ts";

/** What was measured; times in milliseconds. */
export interface RegistryTimes {
  readonly models: number;
  /** From the opening of the screen until all events are in the table. */
  readonly readMs: number;
  /** From a change of the filters until the next frame after the table has changed. */
  readonly filterMs: readonly { readonly what: string; readonly found: string; readonly ms: number }[];
}

const PAGE = join(import.meta.dirname, "../../dist/web");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
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
  const executablePath = BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("This needs Chromium (.ci/install-peers).");
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

async function serve(models: number): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const answer = async () => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      if (pathname === "/rpc") {
        const pieces: Uint8Array[] = [];
        for await (const piece of request as AsyncIterable<Uint8Array>) pieces.push(piece);
        const call = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Parameters<typeof answerCall>[0];
        const result = answerCall(call, models);
        return { type: "application/json", body: JSON.stringify({ jsonrpc: "2.0", id: call.id, result }) };
      }
      if (pathname === "/config.json") {
        const registries = [{ ...STAND_IN, rpcUrl: "/rpc" }];
        return { type: "application/json", body: JSON.stringify({ schemaVersion: "1.0", registries }) };
      }
      const name = pathname === "/" ? "index.html" : pathname.slice(1);
      return { type: TYPES[extname(name)] ?? "text/plain", body: await readFile(join(PAGE, name)) };
    };
    answer().then(
      ({ type, body }) => response.writeHead(200, { "Content-Type": type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
