#!/usr/bin/env node
// Starts the command, with the Node that the project brings where the one that runs this is too old for it.
// Plain JavaScript that an old Node understands.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../dist/src/cli/bin.js", import.meta.url));
const ownNode = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);
const isOld = major < 22 || (major === 22 && minor < 13);

if (!existsSync(command)) {
  process.stderr.write("model-provenance is not built here yet. Run this first:\n\n    npm run setup\n");
  process.exitCode = 2;
} else if (isOld && existsSync(ownNode)) {
  const { spawn } = await import("node:child_process");
  const child = spawn(ownNode, [command, ...process.argv.slice(2)], { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code === null ? 1 : code;
    if (signal === null) return;
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
} else {
  await import(new URL("../dist/src/cli/bin.js", import.meta.url).href);
}
