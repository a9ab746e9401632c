import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { parseEnv } from "node:util";
import { ProvenanceError } from "../base/errors.ts";

/** Where a value came from: the command line, the environment, `.env`, or what is known of the network that was named. */
export type ValueSource = "flag" | "argument" | "variable" | ".env" | "network";
/** Variables, by their names. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What is set beside the command line. */
export interface Settings {
  /** All variables: those of the environment, and of `.env` what the environment does not set. */
  readonly variables: Variables;
  /** The file, where there is one that counts. */
  readonly file?: string;
  /** Where a variable that is set is from. */
  readonly sourceOf: (variable: string) => ValueSource;
}

const FILE_NAME = ".env";
const MAX_BYTES = 1024 * 1024;

/**
 * Reads `.env` of a folder as Hardhat does: a variable that the environment sets, to nothing even, keeps its value there.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a file that cannot be read
 */
export async function readSettings(environment: Variables, folder: string): Promise<Settings> {
  const path = join(folder, FILE_NAME);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "EISDIR") return undefined;
    throw new ProvenanceError("OPTION_INVALID", `${path} cannot be read (${cause.code}).`, { cause });
  });
  if (text === undefined) return onlyEnvironment(environment);
  if (text.length > MAX_BYTES)
    throw new ProvenanceError("OPTION_INVALID", `${path} is too large for a file of variables.`);
  const own = parseEnv(text);
  // Under Hardhat what it says was taken over into the environment already.
  const isFromFile = (name: string) => name in own && (environment[name] ?? own[name]) === own[name];
  return {
    variables: { ...own, ...environment },
    file: path,
    sourceOf: (name) => (isFromFile(name) ? ".env" : "variable"),
  };
}

/** The environment alone. */
export function onlyEnvironment(variables: Variables): Settings {
  return { variables, sourceOf: () => "variable" };
}

/** Tells whether a file lies in a model: what a model brings must not decide about it. */
export async function liesWithin(file: string, modelPath: string): Promise<boolean> {
  const [inner, outer] = await Promise.all(
    [file, modelPath].map(async (path) => realpath(path).catch(() => undefined)),
  );
  return inner !== undefined && outer !== undefined && (inner === outer || inner.startsWith(outer + sep));
}
