import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Evaluation } from "./evaluation.ts";
import type { WrittenFile } from "./model-folder.ts";

/** What a training made: the model's name and folder, the rows it used, its measured accuracy, its files. */
export interface IrisSummary {
  name: string;
  directory: string;
  trainingRows: number;
  heldOut: Evaluation;
  files: WrittenFile[];
}

/** Tells whether the module with this URL is the one that Node was started with. */
export function isCommand(moduleUrl: string): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(moduleUrl);
}

/**
 * Runs a training with the folders from the command line and prints its summary. A failure is printed in one line and
 * sets the exit code to 1.
 *
 * @param defaults the folders, relative to this file, that stand for arguments that are not given.
 */
export async function runCommand(
  usage: string,
  defaults: readonly string[],
  run: (...directories: [string, string]) => Promise<IrisSummary>,
): Promise<void> {
  const given = process.argv.slice(2);
  if (given.length > defaults.length || given.some((argument) => argument.startsWith("-"))) {
    console.error(`Usage: ${usage}`);
    process.exitCode = 1;
    return;
  }
  const [first = "", second = ""] = defaults.map(
    (folder, index) => given[index] ?? fileURLToPath(new URL(folder, import.meta.url)),
  );
  try {
    printSummary(await run(first, second));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function printSummary({ name, directory, trainingRows, heldOut, files }: IrisSummary): void {
  console.log(`${name}: trained on ${trainingRows} rows, ${heldOut.total} held out`);
  console.log(`accuracy on held-out rows: ${heldOut.correct} of ${heldOut.total} (${heldOut.accuracy})`);
  console.log(directory);
  for (const file of files) console.log(`  ${file.name.padEnd(22)}${String(file.size).padStart(6)} bytes`);
}
