// Runs at the end of an install: plain JavaScript that an old Node understands.
// npm under such a Node skips the native package of Hardhat's EVM without a word. By now the project's own Node
// answers to the name, so the one that runs npm is asked by its path. npx installs nothing in the clone: it runs what is there.
import { execFileSync } from "node:child_process";

const MINIMUM = [22, 13];
const installer = process.env["npm_node_execpath"] || process.execPath;
const version = execFileSync(installer, ["--version"], { encoding: "utf8" }).trim();
const [major, minor] = version.slice(1).split(".").map(Number);

const isOld = major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]);
if (isOld && process.env["npm_command"] !== "exec") {
  console.error(
    `\nThis install ran under Node ${version}, which Hardhat 3 does not support: its EVM was left out.\n` +
      "Run this instead; it brings its own Node 24:\n\n    npm run setup\n",
  );
  process.exit(1);
}
