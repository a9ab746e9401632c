import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";

const FOLDER = new URL("../vectors/exports/", import.meta.url);

/**
 * Compares an export with the file of test/vectors/exports that holds it, byte by byte. `UPDATE_GOLDEN=1` writes it anew:
 * look at the difference before it is committed.
 */
export function expectGolden(name: string, bytes: Uint8Array): void {
  const path = new URL(name, FOLDER);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, bytes);
  expect(Buffer.from(bytes).toString("utf8")).to.equal(readFileSync(path, "utf8"));
}
