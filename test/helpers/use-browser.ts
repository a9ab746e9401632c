import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import type { BlockSource } from "../../src/content/content-store.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { servePage } from "../../src/cli/web/page-server.ts";
import { PAGE_FOLDER } from "./built-page.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What the tests of the page work with. */
export interface PageTests {
  /** Opens the page in a context of its own, without anything kept. Closed after the test. */
  readonly open: (options?: OpenOptions) => Promise<OpenedPage>;
}

/** How the page is opened. */
export interface OpenOptions extends BrowserContextOptions {
  /** What follows the address: `#/settings`, `?registry=…`. */
  readonly at?: string;
  readonly registries?: readonly Registry[];
  readonly store?: BlockSource;
  /** Another folder than that of the built page. */
  readonly folder?: string;
}

/** The page as it is open in a browser. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Where the page was served, with a slash at its end. */
  readonly url: string;
  /** All requests so far: method, URL and the bytes that were sent. */
  readonly requests: readonly SentRequest[];
  /** What the console was told: errors, among them what the content security policy refused. */
  readonly errors: readonly string[];
}

/** One request of the page. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

const NOTHING: BlockSource = { get: async () => Promise.reject(new Error("There is no store.")) };

/** Starts a browser for the tests of a file; where there is none they are skipped, and the reason is printed. */
export function useBrowser(): PageTests {
  let browser: Browser | undefined;
  let endings: (() => Promise<void> | void)[] = [];

  before(async function () {
    const executablePath = PLACES.find((path) => existsSync(path));
    if (executablePath === undefined) {
      console.log("skipped: the tests of the page need Chromium (.ci/install-peers)");
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  });

  afterEach(async function () {
    for (const end of endings.toReversed()) await end();
    endings = [];
  });

  after(async function () {
    await browser?.close();
  });

  return {
    open: async ({ at = "", registries = [], store = NOTHING, folder = PAGE_FOLDER, ...options } = {}) => {
      if (browser === undefined) throw new Error("There is no browser.");
      const { url, close } = await servePage({ registries, store, port: 0, folder });
      endings.push(close);
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      endings.push(async () => context.close());
      const requests: SentRequest[] = [];
      const errors: string[] = [];
      context.on("request", (request) => {
        requests.push({ method: request.method(), url: request.url(), body: request.postData() ?? "" });
      });
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`${url}${at}`);
      return { page, context, url, requests, errors };
    },
  };
}
