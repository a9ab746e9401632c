import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What the compiler says, in its standard JSON. */
export interface CompilerOutput {
  errors?: { errorCode?: string; severity: string; formattedMessage: string; message: string }[];
}

interface Compiler {
  version(): string;
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
}

const root = join(import.meta.dirname, "..");
const compiler = createRequire(import.meta.url)("solc") as Compiler;

/** The version of the compiler in node_modules, as it prints it. */
export const compilerVersion = compiler.version();

/** Compiles standard JSON to standard JSON; what is imported is read from the project and its packages. */
export function compile(input: string): string {
  return compiler.compile(input, { import: readSource });
}

/** Reads a source by the name it has in imports. */
function readSource(path: string): { contents: string } | { error: string } {
  try {
    return { contents: readFileSync(join(root, path.startsWith("@") ? `node_modules/${path}` : path), "utf8") };
  } catch (error) {
    return { error: String(error) };
  }
}
