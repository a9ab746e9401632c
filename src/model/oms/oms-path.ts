import type { ProvenanceError } from "../../base/errors.ts";
import { invalidBundle } from "./bundle.ts";

/** Paths at the top of a model that OMS never signs. */
export const DEFAULT_IGNORE_PATHS: readonly string[] = [".git", ".gitattributes", ".github", ".gitignore"];

/**
 * Checks the name of a signed file: relative, in its shortest form, inside the model.
 *
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`
 * @see OMS specification v1.0, section 6.1.2
 */
export function assertOmsName(name: string): void {
  const fault = findFault(name);
  if (fault !== undefined) throw invalidBundle(`names the file ${JSON.stringify(name)}, which ${fault}`);
}

/**
 * Checks a path to ignore and takes a leading `./` and trailing slashes from it.
 *
 * @throws what `refuse` makes of the fault: a pattern, an absolute path, a way out of the model
 * @see OMS specification v1.0, section 6.2.1
 */
export function assertIgnorePath(path: string, refuse: (fault: string) => ProvenanceError): string {
  const normalized = path.replace(/^(\.\/)+/, "").replace(/(?<=[^/])\/+$/, "");
  const fault = /[*?[]/.test(normalized) ? "holds a pattern; only exact paths can be ignored" : findFault(normalized);
  if (fault !== undefined) throw refuse(`ignores the path ${JSON.stringify(path)}, which ${fault}`);
  return normalized;
}

/** Tells whether a path or a folder above it is in a set. */
export function isWithin(name: string, paths: ReadonlySet<string>): boolean {
  if (paths.has(name)) return true;
  for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
    if (paths.has(name.slice(0, slash))) return true;
  }
  return false;
}

function findFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (!name.isWellFormed()) return "is not well-formed Unicode";
  if (name.includes("\0")) return "holds a NUL character";
  if (name.startsWith("/")) return "is absolute";
  for (const part of name.split("/")) {
    if (part === "") return "has an empty path component";
    if (part === "." || part === "..") return `has the path component ${JSON.stringify(part)}`;
  }
  return undefined;
}
