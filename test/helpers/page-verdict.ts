import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { VerifyDocument } from "../../src/verify/report-document.ts";

/** What a browser cannot see, and says so. */
const LIMITS = ["links"];

/** Chooses a folder, or a file, on the Verify screen. */
export async function choose(page: Page, path: string): Promise<void> {
  const isFile = /\.\w+$/.test(path);
  await page
    .locator("input[type=file]")
    .nth(isFile ? 1 : 0)
    .setInputFiles(path);
}

/** Verifies in the page, and reads what it offers to save. */
export async function verifyInPage(page: Page, path: string): Promise<VerifyDocument> {
  const other = page.getByRole("button", { name: "Check something else" });
  if ((await other.count()) > 0) await other.click();
  await choose(page, path);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save this verdict" }).click();
  return JSON.parse(await readFile(await (await saving).path(), "utf8")) as VerifyDocument;
}

/** Expects that the page says what the command printed with --json, but for what a browser cannot see. */
export async function expectSameVerdict(page: Page, path: string, printed: VerifyDocument): Promise<VerifyDocument> {
  const shown = await verifyInPage(page, path);
  const { notChecked, ...rest } = withoutPath(shown);
  expect(notChecked.filter(({ name }) => LIMITS.includes(name ?? "")).length).to.equal(LIMITS.length);
  const seen = { ...rest, notChecked: notChecked.filter(({ name }) => !LIMITS.includes(name ?? "")) };
  expect(seen).to.deep.equal(withoutPath(printed));
  return shown;
}

function withoutPath({ model, ...rest }: VerifyDocument) {
  const { path: _, cid: __, ...digests } = model;
  return { ...rest, model: digests };
}
