import { HUB_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `worker`: read models and hash files for whoever shares the queue. */
export const WORKER: Verb = {
  name: "worker",
  summary: "read models and hash files for whoever shares the queue; it needs no key and no chain",
  positionals: [],
  options: ["queueUrl", "drain", "sharedFolders", "hashThreads", "hubConcurrency", "hubRate", ...HUB_OPTIONS],
  examples: [
    "--queue postgres://import@db.example/work",
    "--queue postgres://import@db.example/work --drain --hf-concurrency 16",
    "--queue postgres://import@db.example/work --files /srv/models",
  ],
  run: async (options, { terminal }) => (await import("../run/worker.ts")).runWorkerVerb(options, terminal),
};
