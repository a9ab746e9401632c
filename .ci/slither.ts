import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/**
 * Runs slither over contracts/ outside mocks. Every finding of high or medium impact must be explained in slither.json, by
 * detector and function; ends with 1 where one is not, and where an explanation fits no finding any more. Where slither
 * is not installed it says so and ends with 0.
 *
 *   node .ci/slither.ts
 */
const root = join(import.meta.dirname, "..");
const PEERS = join(root, ".ci/peers/python/bin");
const EXPLANATIONS = ".ci/slither.json";

/** Why the findings of a detector in a function stand. */
interface Explanation {
  detector: string;
  function: string;
  /** How many there are: one more in the same function is another finding. */
  findings: number;
  reason: string;
}
interface Element {
  type: string;
  name: string;
  type_specific_fields?: { parent?: Element };
}
interface Finding {
  check: string;
  impact: string;
  description: string;
  elements: Element[];
}
interface SlitherReport {
  success: boolean;
  error: string | null;
  results: { detectors?: Finding[] };
}

// The wrapper of the compiler is run by the same Node as this.
const env = { ...process.env, PATH: [PEERS, dirname(process.execPath), process.env["PATH"]].join(delimiter) };
const version = spawnSync("slither", ["--version"], { env, encoding: "utf8" });
if (version.status === 0) await check(version.stdout.trim());
else console.log("slither: skipped, for it is not installed (pip install slither-analyzer; .ci/run does it)");

async function check(slither: string): Promise<void> {
  const findings = await findAll();
  const explanations = JSON.parse(await readFile(join(root, EXPLANATIONS), "utf8")) as Explanation[];
  const failures = compare(findings, explanations);
  for (const failure of failures) console.error(failure);
  const high = findings.filter(({ impact }) => impact === "High").length;
  console.log(`slither ${slither}: ${high} findings of high, ${findings.length - high} of medium impact`);
  console.log(failures.length === 0 ? `each is explained in ${EXPLANATIONS}` : `${failures.length} differences`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** What is found and not explained, and what is explained and not found. */
function compare(findings: readonly Finding[], explanations: readonly Explanation[]): string[] {
  const explained = Map.groupBy(explanations, (explanation) => `${explanation.detector} in ${explanation.function}`);
  const found = Map.groupBy(findings, (finding) => `${finding.check} in ${placeOf(finding.elements)}`);
  const failures: string[] = [];
  for (const key of new Set([...explained.keys(), ...found.keys()])) {
    const here = found.get(key) ?? [];
    const reasons = explained.get(key) ?? [];
    const expected = reasons.reduce((sum, reason) => sum + reason.findings, 0);
    if (reasons.some(({ reason }) => reason.trim() === "")) failures.push(`${key}: the explanation gives no reason`);
    if (here.length === expected) continue;
    const text = here.map(({ impact, description }) => `\n  ${impact}: ${description.trim()}`).join("");
    failures.push(`${key}: ${here.length} found, ${expected} explained in ${EXPLANATIONS}${text}`);
  }
  return failures;
}

/** The function a finding is in, as Contract.function; the contract where it is in none. */
function placeOf([first]: readonly Element[]): string {
  const names: string[] = [];
  for (let element = first; element !== undefined; element = element.type_specific_fields?.parent) {
    if (element.type === "function" || element.type === "contract") names.unshift(element.name);
  }
  return names.join(".");
}

async function findAll(): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), "slither-"));
  try {
    const input = join(folder, "input.json");
    const output = join(folder, "output.json");
    await writeFile(input, JSON.stringify(await readInput()));
    const status = await runSlither(input, output);
    const text = await readFile(output, "utf8").catch(() => undefined);
    if (text === undefined) throw new Error(`slither ended with ${status} and reported nothing`);
    const report = JSON.parse(text) as SlitherReport;
    if (!report.success) throw new Error(`slither failed: ${report.error}`);
    return report.results.detectors ?? [];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All contracts but mocks, as the compiler takes them; what they import it reads by itself. */
async function readInput(): Promise<unknown> {
  const names = await readdir(join(root, "contracts"), { recursive: true });
  const paths = names.filter((name) => name.endsWith(".sol") && !name.startsWith("mocks")).toSorted();
  const sources = paths.map(
    async (path) => [`contracts/${path}`, { content: await readFile(join(root, "contracts", path), "utf8") }] as const,
  );
  const settings = { viaIR: true, optimizer: { enabled: false }, evmVersion: "cancun" };
  return { language: "Solidity", sources: Object.fromEntries(await Promise.all(sources)), settings };
}

function runSlither(input: string, output: string): Promise<number | null> {
  const args = [
    input,
    "--compile-force-framework=solc-json",
    `--solc=${join(import.meta.dirname, "solc-wrapper.ts")}`,
    "--solc-disable-warnings",
    `--json=${output}`,
    "--exclude-low",
    "--exclude-informational",
    "--exclude-optimization",
    "--filter-paths=node_modules",
    "--fail-none",
    "--disable-color",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("slither", args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    // Slither prints its findings there as well; they are shown where they are not explained.
    let messages = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (messages += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) console.error(messages);
      resolve(code);
    });
  });
}
