// `npm test`: all tests and checks, as many at a time as there are cores, what takes long first.
//   npm test -- test/src/model/walk.test.ts …   these files alone
//   npm run test:faults                         publishers killed at every point, each by a process
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
// Bundles the command once, for all processes.
import "../../../test/helpers/built-command.ts";
import { type FileResult, MochaPool } from "./mocha-pool.ts";
import { runPython } from "./python-suite.ts";
import { runProcess } from "./run-process.ts";

const ROOT = join(import.meta.dirname, "../../..");
const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
const SLOWEST = 10;
/** What takes long, and is begun first. */
const LONG = ["test/faults/", "test/end-to-end/"];
const KILLS = ["test/faults/kill.test.ts", "test/faults/batch-kill.test.ts"];
const CHECKS = ["check:lint", "check:format", "check:types", "check:solidity", "check:python"];

const pool = new MochaPool();
const start = performance.now();
const withAllKills = process.argv[2] === "--all-kills";
if (withAllKills) process.env["FAULTS"] = "all"; // For the processes that run the files.
const given = withAllKills ? KILLS : process.argv.slice(2);
const files = given.length > 0 ? given.map((path) => resolve(path)) : listTestFiles();
const runFile = (file: string) => async () => pool.run(file);
const toCheck = (name: string) => async () => runCheck(name);
const jobs =
  given.length > 0
    ? files.map(runFile)
    : [
        runSolidity,
        ...files.filter(isLong).map(runFile),
        runPython,
        ...CHECKS.map(toCheck),
        ...files.filter((path) => !isLong(path)).map(runFile),
      ];

const results: FileResult[] = [];
const queue = jobs.values();
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
pool.close();
report(results);

async function work(): Promise<void> {
  for (const job of queue) {
    const result = await job();
    results.push(result);
    const { file, passed, skipped, failures, seconds } = result;
    const counts = [
      `${passed} passed`,
      skipped > 0 && `${skipped} skipped`,
      failures.length > 0 && `${failures.length} FAILED`,
    ];
    console.log(
      `${failures.length > 0 ? "✗" : "✔"} ${nameOf(file)}: ${counts.filter(Boolean).join(", ")} (${seconds.toFixed(1)} s)`,
    );
    for (const failure of failures) console.log(`    ${failure.split("\n")[0]}`);
  }
}

function listTestFiles(): string[] {
  const names = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => join(ROOT, "test", name));
}

function isLong(path: string): boolean {
  return LONG.some((folder) => nameOf(path).startsWith(folder));
}

/** Compiles the tests that are contracts, where they changed, and runs them. */
async function runSolidity(): Promise<FileResult> {
  const { code, output, seconds } = await runProcess(process.execPath, [HARDHAT, "test", "solidity"]);
  const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);
  const failed = code === 0 ? 0 : Math.max(1, count("failing"));
  const failures = Array.from({ length: failed }, (_, i) =>
    i === 0 ? `hardhat test solidity\n${output}` : "as above",
  );
  return { file: "test/contracts/**/*.sol", passed: count("passing"), skipped: count("skipped"), failures, seconds };
}

async function runCheck(name: string): Promise<FileResult> {
  const { code, output, seconds } = await runProcess("npm", ["run", "--silent", name]);
  const failures = code === 0 ? [] : [`npm run ${name}\n${output}`];
  return { file: `npm run ${name}`, passed: code === 0 ? 1 : 0, skipped: 0, failures, seconds };
}

function report(all: readonly FileResult[]): void {
  const failures = all.flatMap((result) => result.failures.map((failure) => `${nameOf(result.file)}: ${failure}`));
  failures.forEach((failure, i) => console.log(`\n${i + 1}) ${failure}`));
  const sum = (count: (result: FileResult) => number) => all.reduce((total, result) => total + count(result), 0);
  const slowest = all.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  const named = slowest.map(({ file, seconds }) => `${nameOf(file)} ${seconds.toFixed(0)} s`).join(", ");
  const counts = `${sum(({ passed }) => passed)} passed, ${failures.length} failed, ${sum(({ skipped }) => skipped)} skipped`;
  console.log(`\n${counts} in ${((performance.now() - start) / 1000).toFixed(0)} s; the slowest: ${named}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function nameOf(file: string): string {
  return file.startsWith(ROOT) ? relative(ROOT, file) : file;
}
