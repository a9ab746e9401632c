import { HUB_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `worker`: read models for whoever imports them with the same queue. */
export const WORKER: Verb = {
  name: "worker",
  summary: "read models for whoever imports them with the same queue; it needs no key and no chain",
  positionals: [],
  options: ["queueUrl", "drain", "hubConcurrency", "hubRate", ...HUB_OPTIONS],
  examples: [
    "--queue postgres://import@db.example/work",
    "--queue postgres://import@db.example/work --drain --hf-concurrency 16",
  ],
  run: async (options, { terminal }) => (await import("../run/worker.ts")).runWorkerVerb(options, terminal),
};
