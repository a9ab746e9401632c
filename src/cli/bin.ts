#!/usr/bin/env node
// Nothing is imported before the version is known: older ones would fail on the syntax of what follows.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`model-provenance needs Node.js 22.13 or later; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  // Writing waits for the disk, in as many threads as there are: four unless told otherwise (bench/README.md).
  process.env["UV_THREADPOOL_SIZE"] ??= "16";
  // V8 would keep up to 128 MiB of garbage rather than collect it: more than hashing 100 000 files takes in all.
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--optimize-for-size");
  // Whoever reads may stop reading (`| head`): what was asked for is done to its end, and the exit code says how it ended.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2), process.env);
}

export {};
