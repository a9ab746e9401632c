import type { Verb } from "../verb.ts";

/** `serve-stdio`: stay, and do one call after the other for the program that started it. */
export const SERVE_STDIO: Verb = {
  name: "serve-stdio",
  summary: "stay and answer calls as JSON lines: what the Python package keeps running",
  forPrograms: true,
  positionals: [],
  options: [],
  formats: [],
  examples: [""],
  run: async () => (await import("../run/serve-stdio.ts")).runServeStdio(process.stdin, process.stdout),
};
