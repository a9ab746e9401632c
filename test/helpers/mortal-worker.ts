import { parentPort } from "node:worker_threads";

// A thread that answers, ends, or fails, as its task says.
parentPort?.on("message", ({ kind }: { kind: string }) => {
  if (kind === "exit") process.exit(1);
  if (kind === "throw") throw new Error("It fell over.");
  parentPort?.postMessage({ kind });
});
