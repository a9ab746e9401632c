import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What became of a file of tests. */
export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  /** A text for each: the test's title, the error and where it was thrown. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

const WORKER = join(import.meta.dirname, "worker.ts");

/** Processes that run files of tests; each takes one at a time and is used again. */
export class MochaPool {
  readonly #idle: ChildProcess[] = [];

  /** Runs a file in a process that is free, or in a new one. A process that ends before its file does is a failure of that file. */
  async run(file: string): Promise<FileResult> {
    const worker = this.#idle.pop() ?? fork(WORKER, { stdio: "inherit" });
    const start = performance.now();
    const stop = new AbortController();
    try {
      worker.send(file);
      const { signal } = stop;
      const answer = once(worker, "message", { signal }).then(([result]) => result as FileResult);
      const end = once(worker, "exit", { signal }).then(([code, killedBy]) => String(code ?? killedBy));
      const result = await Promise.race([answer, end]);
      if (typeof result !== "string") {
        this.#idle.push(worker);
        return result;
      }
      const failures = [`its process ended with ${result} before its tests did`];
      return { file, passed: 0, skipped: 0, failures, seconds: (performance.now() - start) / 1000 };
    } finally {
      stop.abort();
    }
  }

  /** Ends the processes; all of them are idle when every `run` has ended. */
  close(): void {
    for (const worker of this.#idle.splice(0)) worker.kill();
  }
}
