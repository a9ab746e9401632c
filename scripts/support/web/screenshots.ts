import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Page, chromium } from "playwright-core";
import { hashModel } from "../../../src/model/hash-model.ts";
import { type Registry, toCaip10 } from "../../../src/registry/registry.ts";
import type { PageStory } from "./story.ts";

interface Shot {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly show: (page: Page) => Promise<void>;
}

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1200, height: 860 };

/** Takes pictures of the page as it is served. @returns their paths */
export async function takeScreenshots(
  url: string,
  registry: Registry,
  folders: PageStory["folders"],
  output: string,
): Promise<string[]> {
  const executablePath = CHROMIUM.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("The pictures need Chromium (.ci/install-peers).");
  const { modelDigest } = await hashModel(folders.first);
  const { modelDigest: newest } = await hashModel(folders.second);
  const open = async (page: Page, at: string) => {
    await page.goto(`${url}${at}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
  };
  const verify = async (page: Page, folder: string) => {
    await open(page, "#/");
    await page.locator("input[type=file]").first().setInputFiles(folder);
    await page.locator(".banner").first().waitFor();
  };
  const publish = async (page: Page, folder: string) => {
    await open(page, "#/publish");
    await page.locator("input[type=file]").first().setInputFiles(folder);
    await page.getByLabel("Licence").waitFor();
  };
  const at = (digest: string) => `#/${toCaip10(registry)}/${digest}`;
  const shots: Shot[] = [
    { name: "page-verify", ...DESK, scheme: "light", show: async (page) => open(page, "#/") },
    { name: "page-verified", ...DESK, scheme: "light", show: async (page) => verify(page, folders.second) },
    { name: "page-tampered-phone", ...PHONE, scheme: "light", show: async (page) => verify(page, folders.tampered) },
    { name: "page-model", ...DESK, scheme: "dark", show: async (page) => open(page, at(modelDigest)) },
    { name: "page-publish", ...DESK, scheme: "light", show: async (page) => publish(page, folders.unknown) },
    { name: "page-model-phone", ...PHONE, scheme: "light", show: async (page) => open(page, at(newest)) },
  ];
  await mkdir(output, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const paths: string[] = [];
  for (const { name, width, height, scheme, show } of shots) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
    const page = await context.newPage();
    await show(page);
    await page.waitForLoadState("networkidle");
    const path = join(output, `${name}.png`);
    await page.screenshot({ path, fullPage: process.env["FULL"] === "1" });
    paths.push(path);
    await context.close();
  }
  await browser.close();
  return paths;
}
