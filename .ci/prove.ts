import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CompilerOutput, compile } from "./compiler.ts";

/**
 * Proves the assertions of test/contracts/proofs with the model checker that is built into the compiler (CHC, z3): they
 * hold after any sequence of calls. Ends with 1 where one is violated or cannot be proved.
 *
 *   node .ci/prove.ts
 */
const root = join(import.meta.dirname, "..");
const PROOFS = ["StatusProof", "LineageProof"];

for (const name of PROOFS) {
  const path = `test/contracts/proofs/${name}.sol`;
  const input = {
    language: "Solidity",
    sources: { [path]: { content: await readFile(join(root, path), "utf8") } },
    settings: {
      evmVersion: "cancun",
      outputSelection: { "*": { "*": ["abi"] } },
      modelChecker: {
        contracts: { [path]: [name] },
        engine: "chc",
        solvers: ["z3"],
        targets: ["assert"],
        showProvedSafe: true,
        showUnproved: true,
      },
    },
  };
  const started = performance.now();
  const output = JSON.parse(compile(JSON.stringify(input))) as CompilerOutput;
  const messages = output.errors ?? [];
  const proved = messages.filter(({ message }) => message.includes("check is safe")).length;
  const expected = (input.sources[path]?.content.match(/\bassert\(/g) ?? []).length;
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${name}: ${proved.toString()} of ${expected.toString()} assertions proved in ${seconds} s`);
  if (proved === expected) continue;

  for (const { formattedMessage } of messages) console.error(formattedMessage);
  process.exitCode = 1;
}
