// A process that runs files of tests, one after the other, as ./mocha-pool.ts tells it; each is a run of mocha of its own.
import hre from "hardhat";
import Mocha from "mocha";
import { networkHelpers } from "../../../test/helpers/deploy-model-provenance.ts";
import type { FileResult } from "./mocha-pool.ts";

process.env["NODE_ENV"] ??= "test";

process.on("message", (file: string) => {
  void run(file).then((result) => process.send?.(result));
});

async function run(file: string): Promise<FileResult> {
  const start = performance.now();
  const failures: string[] = [];
  let [passed, skipped] = [0, 0];
  const untouched = await networkHelpers.takeSnapshot();
  const mocha = new Mocha({ ...hre.config.test.mocha, reporter: Quiet });
  try {
    mocha.addFile(file);
    await mocha.loadFilesAsync();
    await new Promise<void>((resolve) => {
      mocha
        .run(() => resolve())
        .on("pass", () => passed++)
        .on("pending", () => skipped++)
        .on("fail", (test, error: Error) => failures.push(describeFailure(test, error)));
    });
    mocha.dispose();
  } catch (error) {
    failures.push(`the file does not load\n${String((error as Error).stack ?? error)}`);
  }
  // Files share the chain of the process: what one did to it, the next does not meet.
  await untouched.restore();
  networkHelpers.clearSnapshots();
  return { file, passed, skipped, failures, seconds: (performance.now() - start) / 1000 };
}

/** Prints nothing: the process that gave the file prints what became of it. */
class Quiet extends Mocha.reporters.Base {
  override epilogue(): void {}
}

function describeFailure(test: Mocha.Runnable, error: Error & { actual?: unknown; expected?: unknown }): string {
  const { actual, expected, stack, message } = error;
  const differ = actual !== expected && expected !== undefined;
  const difference = differ ? `\n${Mocha.reporters.Base.generateDiff(text(actual), text(expected))}` : "";
  return `${test.fullTitle()}\n${stack ?? message}${difference}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : Mocha.utils.stringify(value);
}
