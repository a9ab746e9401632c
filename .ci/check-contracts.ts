import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * Checks what Hardhat has no threshold for: every line and statement of contracts/ outside mocks is covered by the tests,
 * every custom error of ours is asserted in one, and the core's runtime keeps below its size limit. Runs the contracts'
 * tests with coverage, prints the sizes, and ends with 1 where something is missed.
 *
 *   node .ci/check-contracts.ts
 */
const root = join(import.meta.dirname, "..");
const MAX_CORE_SIZE = 23_000;
const MAX_CODE_SIZE = 24_576;
const DEPLOYABLES = [
  "registry/ModelProvenanceNFT",
  "registry/ModelDocuments",
  "registry/ModelRenderer",
  "royalties/RoyaltySplitter",
  "royalties/RoyaltySplitterFactory",
  "registry/OperatorFilterTransferValidator",
  "market/LicenseMarket",
  "market/LicenseTill",
];

interface Artifact {
  abi: { type: string; name?: string }[];
  deployedBytecode: string;
}

await hardhat("build");
const failures = [
  ...(await checkSizes()),
  ...(await checkErrors()),
  ...checkCoverage(await hardhat("test", "--coverage", ...(await listContractTests()))),
];
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Reads the table that Hardhat prints, for its report file knows lines and no statements. */
function checkCoverage(output: string): string[] {
  const rows = [...output.matchAll(/^║ (contracts\/\S+|Total)\s+│ ([\d.]+)\s+│ ([\d.]+)\s+│ (.*?)\s*║$/gm)];
  if (rows.length === 0) return ["Hardhat printed no coverage table"];
  return rows
    .filter(([, , lines, statements]) => lines !== "100.00" || statements !== "100.00")
    .map(
      ([, file, lines, statements, missed]) =>
        `${file ?? ""}: ${lines ?? ""} % of lines, ${statements ?? ""} % of statements, not covered: ${missed ?? ""}`,
    );
}

/** Runs Hardhat, shows what it prints, and gives it back. */
function hardhat(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules/hardhat/dist/src/cli.js"), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      process.stdout.write(text);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`hardhat ${args.join(" ")} ended with ${String(code)}`));
    });
  });
}

/** An error is asserted where a mocha test names it, or a Solidity test takes its selector. */
async function checkErrors(): Promise<string[]> {
  const sources = await readAll(
    (await listFiles("contracts", ".sol")).filter((path) => !path.startsWith("contracts/mocks/")),
  );
  const tests = await readAll(await listFiles("test/contracts", ".ts", ".sol"));
  const names = [...sources.matchAll(/^ {4}error (\w+)\(/gm)].map(([, name]) => name ?? "");
  console.log(`errors: ${names.length.toString()}`);
  return names
    .filter((name) => !tests.includes(`"${name}"`) && !tests.includes(`${name}.selector`))
    .map((name) => `No test asserts the error ${name}`);
}

async function checkSizes(): Promise<string[]> {
  const tooLarge: string[] = [];
  for (const source of DEPLOYABLES) {
    const name = basename(source);
    const path = join(root, "artifacts/contracts", `${source}.sol`, `${name}.json`);
    const { deployedBytecode } = JSON.parse(await readFile(path, "utf8")) as Artifact;
    const size = (deployedBytecode.length - 2) / 2;
    const limit = name === "ModelProvenanceNFT" ? MAX_CORE_SIZE : MAX_CODE_SIZE;
    console.log(`size: ${name.padEnd(32)} ${size.toLocaleString("en-US").padStart(7)} bytes`);
    if (size >= limit) tooLarge.push(`${name} has ${size.toString()} bytes, the limit is ${limit.toString()}`);
  }
  return tooLarge;
}

async function listFiles(folder: string, ...extensions: string[]): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true });
  return names
    .filter((name) => extensions.some((extension) => name.endsWith(extension)))
    .map((name) => `${folder}/${name}`);
}

/** What proves the contracts by themselves: the rest of the tests would run a second time for nothing. */
async function listContractTests(): Promise<string[]> {
  return [
    ...(await listFiles("test/contracts", ".t.sol", ".test.ts")),
    ...(await listFiles("test/ignition", ".test.ts")),
  ];
}

async function readAll(paths: string[]): Promise<string> {
  return (await Promise.all(paths.map((path) => readFile(join(root, path), "utf8")))).join("\n");
}
