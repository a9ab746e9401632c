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
    const loaded = await load();
    return (Array.isArray(loaded) ? loaded.map(withNames) : withNames(loaded)) as T;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const text = `${why}, which is not installed: npm install ${packages.join(" ")}`;
    throw new ProvenanceError("OPTIONAL_PACKAGE_MISSING", text, { cause });
  }
}

// Of a CommonJS package that was bundled only `default` is exported; Node itself finds the names in it.
function withNames(module: unknown): unknown {
  const { default: whole } = (module ?? {}) as { default?: object };
  const isBare = whole !== undefined && Object.keys(module as object).length === 1;
  return isBare ? { ...whole, default: whole } : module;
}
