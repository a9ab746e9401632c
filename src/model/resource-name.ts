import { ProvenanceError } from "../base/errors.ts";

/**
 * Checks that a name may be recorded: relative POSIX, well-formed Unicode, no empty, `.` or `..`
 * component, no NUL, no backslash (another system would read it as a separator).
 *
 * @throws {ProvenanceError} `RESOURCE_NAME_INVALID`
 * @see OMS specification v1.0, section 6.2
 */
export function assertResourceName(name: string): void {
  const fault = findFault(name);
  if (fault !== undefined) {
    throw new ProvenanceError(
      "RESOURCE_NAME_INVALID",
      `The file name ${JSON.stringify(name)} ${fault}. Rename it: such a name cannot be recorded safely.`,
    );
  }
}

/**
 * Refuses lists in which a name stands twice, or two names are equal after Unicode normalisation
 * (they look the same, and some file systems make them one file).
 *
 * @throws {ProvenanceError} `RESOURCE_NAME_INVALID`
 */
export function assertDistinctNames(names: Iterable<string>): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const normalized = name.normalize("NFC");
    const other = seen.get(normalized);
    if (other !== undefined) {
      const how = other === name ? "stands twice" : "equals another name after Unicode normalisation";
      throw new ProvenanceError(
        "RESOURCE_NAME_INVALID",
        `The file name ${JSON.stringify(name)} ${how}. Names in a model must be distinct.`,
      );
    }
    seen.set(normalized, name);
  }
}

function findFault(name: string): string | undefined {
  if (name === "") return "is empty";
  if (!name.isWellFormed()) return "is not well-formed Unicode";
  if (name.includes("\0")) return "holds a NUL character";
  if (name.includes("\\")) return "holds a backslash";
  if (name.startsWith("/")) return "is absolute";
  for (const part of name.split("/")) {
    if (part === "") return "has an empty path component";
    if (part === "." || part === "..") return `has the path component ${JSON.stringify(part)}`;
  }
  return undefined;
}
