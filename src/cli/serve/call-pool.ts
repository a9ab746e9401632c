import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Call, CallAnswer } from "./call.ts";

/** What became of a call: its answer, or that it was called off, or why there is none. */
export type CallOutcome = CallAnswer | { readonly cancelled: true } | { readonly failed: string };

const PROCESS = new URL(`./answer-calls${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
/** Calls at once; more wait. A call uses all cores where it hashes, and waits for others where it asks. */
const MAX_CALLS = Math.max(4, availableParallelism());
/** Processes that stay when nothing is to be done; each has 60 to 90 MiB. */
const MAX_IDLE = 2;

interface Job {
  readonly call: Call;
  readonly settle: (outcome: CallOutcome) => void;
  process?: ChildProcess;
}

/**
 * Processes that do calls, one each at a time. They are started before they are needed and used again. A call that is called
 * off ends with its process, so that nothing of it goes on and what it held is free, as where the command is killed.
 */
export class CallPool {
  readonly #idle: ChildProcess[] = [];
  readonly #jobs = new Map<number, Job>();
  #isClosed = false;

  constructor() {
    this.#idle.push(this.#start());
  }

  /** Does a call, as soon as there is a place for it. */
  async run(call: Call): Promise<CallOutcome> {
    if (this.#jobs.has(call.id)) return { failed: `There is a call ${call.id} already.` };
    return new Promise((settle) => {
      this.#jobs.set(call.id, { call, settle });
      this.#next();
    });
  }

  /** Calls a call off; nothing happens where it was answered. */
  cancel(id: number): void {
    this.#finish(id, { cancelled: true })?.kill("SIGKILL");
    this.#next();
  }

  /** Ends everything at once. */
  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#jobs.keys()]) this.cancel(id);
    for (const child of this.#idle.splice(0)) child.kill("SIGKILL");
  }

  /** Gives waiting calls to processes, in the order in which they came, and keeps one process ready. */
  #next(): void {
    if (this.#isClosed) return;
    const jobs = [...this.#jobs.values()];
    let free = MAX_CALLS - jobs.filter((job) => job.process !== undefined).length;
    for (const job of jobs.filter((one) => one.process === undefined)) {
      if (free-- <= 0) return;
      job.process = this.#idle.shift() ?? this.#start();
      job.process.send(job.call);
    }
    if (free > 0 && this.#idle.length === 0) this.#idle.push(this.#start());
  }

  #start(): ChildProcess {
    const child = fork(PROCESS, [], { stdio: "ignore" });
    child.on("message", (message: CallAnswer | "ready") => {
      if (message === "ready") return;
      this.#finish(this.#jobOf(child), message);
      if (this.#idle.length < MAX_IDLE && !this.#isClosed) this.#idle.push(child);
      else child.kill("SIGKILL");
      this.#next();
    });
    const lost = (why: string) => {
      const at = this.#idle.indexOf(child);
      if (at >= 0) this.#idle.splice(at, 1);
      if (this.#finish(this.#jobOf(child), { failed: `The process that did it ended: ${why}.` })) this.#next();
    };
    child.on("error", (error) => lost(error.message));
    child.on("exit", (code, signal) => lost(signal ?? `exit code ${code}`));
    return child;
  }

  #jobOf(child: ChildProcess): number | undefined {
    return [...this.#jobs].find(([, job]) => job.process === child)?.[0];
  }

  /** Settles a call that is still open. @returns the process that had it */
  #finish(id: number | undefined, outcome: CallOutcome): ChildProcess | undefined {
    const job = id === undefined ? undefined : this.#jobs.get(id);
    if (job === undefined) return undefined;
    this.#jobs.delete(job.call.id);
    job.settle(outcome);
    return job.process;
  }
}
