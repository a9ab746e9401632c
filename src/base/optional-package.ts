import { ProvenanceError } from "./errors.ts";

/**
 * Loads packages that are installed only where something needs them.
 *
 * @param load - imports them
 * @param why - a clause that says what they are for: `Models of the Hub are read with its own client`
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING` with what to install
 */
export async function loadOptional<T>(load: () => Promise<T>, why: string, ...packages: string[]): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const text = `${why}, which is not installed: npm install ${packages.join(" ")}`;
    throw new ProvenanceError("OPTIONAL_PACKAGE_MISSING", text, { cause });
  }
}
