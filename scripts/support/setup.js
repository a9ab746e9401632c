// `npm run setup`: installs, compiles, builds, and says what to run next. Plain JavaScript that an old Node understands.
import { spawnSync } from "node:child_process";

const steps = [
  ["Installing the packages, and Node 24 among them", "npx -y -p node@24 npm ci --no-audit --no-fund"],
  ["Compiling the contracts: half a minute, once", "hardhat build --no-tests"],
  ["Building the command", "npm run --silent build:command"],
];

const started = Date.now();
const secondsSince = (time) => `${Math.round((Date.now() - time) / 1000)} s`;
steps.forEach(([what, command], i) => {
  const start = Date.now();
  console.log(`\n[${i + 1}/${steps.length}] ${what} (${command})`);
  const { status } = spawnSync(command, { shell: true, stdio: "inherit" });
  if (status !== 0) {
    console.error(`\nThat failed. Mend what it says, then run \`npm run setup\` again: it goes on from there.`);
    process.exit(status === null ? 1 : status);
  }
  console.log(`      ${secondsSince(start)}`);
});

console.log(`
Ready after ${secondsSince(started)}. Next:

    npm run demo                        a model from training to a verdict, on a chain in memory
    npm run demo -- --open              the same, and the page on what it made
    npx model-provenance --help         the command
    npm test                            all tests, some minutes
`);
