import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { IndexedChain } from "../lib/chains.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS = ["lib", "schema", "src"];
const FILES = ["ponder.config.ts", "ponder.schema.ts"];

/**
 * Names the schema with the tables of events: another one for other handlers, tables or registries, so that a new version
 * fills its own while the old one is still asked. Ponder refuses a schema of another version.
 */
export function nameSchema(chains: readonly IndexedChain[]): string {
  const hash = createHash("sha256");
  const files = FOLDERS.flatMap((folder) => {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
    return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
  });
  for (const name of [...FILES, ...files].toSorted()) {
    if (!name.startsWith(join("src", "api"))) hash.update(name).update(readFileSync(join(ROOT, name)));
  }
  for (const { chainId, registries, markets, startBlock } of chains)
    hash.update(JSON.stringify([chainId, registries, markets, startBlock]));
  return `registry_${hash.digest("hex").slice(0, 12)}`;
}
