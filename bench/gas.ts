import { readFile, writeFile } from "node:fs/promises";
import { network } from "hardhat";
import { measureMarketGas } from "./gas/market.ts";
import { measureGas } from "./gas/measure.ts";
import { goals, table } from "./gas/report.ts";

/**
 * Measures what registry and market cost beside the baselines of contracts/mocks/baselines.
 *
 *   node bench/gas.ts          prints the table and writes bench/snapshots/gas.json
 *   node bench/gas.ts --json   prints the numbers as one JSON object, and nothing else
 *   node bench/gas.ts --check  writes nothing; fails when a number moved or a goal is missed
 *   node bench/gas.ts --amsterdam  writes nothing; prints what the coming hardfork, where state is dearer, would make of it
 */
const SNAPSHOT = new URL("./snapshots/gas.json", import.meta.url);

const json = process.argv.includes("--json");
const check = process.argv.includes("--check");
const amsterdam = process.argv.includes("--amsterdam");

const override = amsterdam
  ? ({ hardfork: "amsterdam", transactionGasCap: false, blockGasLimit: 1_000_000_000 } as const)
  : {};
const gas = {
  ...(await measureGas(await network.create({ override }))),
  ...(await measureMarketGas(await network.create({ override }))),
};
const text = `${JSON.stringify(gas, undefined, 2)}\n`;
const missed = goals(gas).filter((goal) => !goal.met);

console.log(json ? JSON.stringify(gas) : table(gas));
if (check) {
  const snapshot = await readFile(SNAPSHOT, "utf8");
  if (snapshot !== text) fail(`the numbers differ from bench/snapshots/gas.json:\n${snapshot}`);
  for (const goal of missed) fail(`missed: ${goal.text}`);
} else if (!json && !amsterdam) {
  await writeFile(SNAPSHOT, text);
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
