import { type TensorComparison, compareTensors } from "../../model/tensors/compare-tensors.ts";
import type { TensorClasses, TensorShare } from "../../model/tensors/tensor-classes.ts";
import type { TensorSet } from "../../model/tensors/digest-tensors.ts";
import { readModelTensors } from "../../model/tensors/read-model-tensors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { OutputFormat } from "../options/output.ts";
import { type Terminal, followBytes, printable, table } from "../terminal.ts";

/** What `lineage --tensors CHILD PARENT` is told. */
export interface LineageTensorsOptions {
  readonly childPath: string;
  readonly parentPath: string;
  readonly format?: OutputFormat | undefined;
}

const CLASSES = ["identical", "changed", "renamed", "added", "removed"] as const satisfies (keyof TensorClasses)[];
// More names than this tell a person nothing; the JSON has all of them.
const MAX_NAMED = 20;

/** Compares two models tensor by tensor and prints what became of each class, and what that suggests. */
export async function runLineageTensors(options: LineageTensorsOptions, terminal: Terminal): Promise<ExitCode> {
  const { childPath, parentPath } = options;
  const [child, parent] = await followBytes(terminal, options.format, async (progress) => [
    await readModelTensors(childPath, progress),
    await readModelTensors(parentPath, progress),
  ]);
  const comparison = compareTensors(child, parent);
  if (options.format === "json") {
    terminal.print(JSON.stringify(toJson(child, parent, comparison), null, 2));
    return EXIT.done;
  }
  terminal.print(
    table([
      ["", "FORMAT", "TENSORS", "TENSOR ROOT"],
      ["child", child.format, String(child.tensors.length), child.root],
      ["parent", parent.format, String(parent.tensors.length), parent.root],
    ]),
  );
  terminal.print("");
  const rows = CLASSES.map((name) => toRow(name, comparison.shares[name]));
  terminal.print(table([["CLASS", "TENSORS", "PARAMETERS", "SHARE"], ...rows]));
  printNames(comparison, terminal);
  terminal.print("");
  terminal.print(`${comparison.verdict.toUpperCase()}: ${comparison.reason}`);
  return EXIT.done;
}

function toRow(name: keyof TensorClasses, { tensors, parameters, share }: TensorShare): string[] {
  const whose = name === "removed" ? "of the parent" : "of the child";
  return [name, String(tensors), String(parameters), `${(share * 100).toFixed(2)} % ${whose}`];
}

function printNames(comparison: TensorComparison, terminal: Terminal): void {
  const lines = [
    ...comparison.changed.map(({ child }) => `changed  ${child.name}`),
    ...comparison.renamed.map(({ child, parent }) => `renamed  ${parent.name} -> ${child.name}`),
    ...comparison.added.map(({ name }) => `added    ${name}`),
    ...comparison.removed.map(({ name }) => `removed  ${name}`),
  ];
  for (const line of lines.slice(0, MAX_NAMED)) terminal.note(printable(line));
  if (lines.length > MAX_NAMED) terminal.note(`… and ${lines.length - MAX_NAMED} more (--json names all)`);
}

function toJson(child: TensorSet, parent: TensorSet, comparison: TensorComparison) {
  const { verdict, reason, shares, identical, changed, renamed, added, removed } = comparison;
  const model = ({ format, root, tensors }: TensorSet) => ({ format, tensorRoot: root, count: tensors.length });
  return {
    schemaVersion: "1.0",
    verdict,
    reason,
    child: model(child),
    parent: model(parent),
    shares,
    identical: identical.map(({ child: { name } }) => name),
    changed: changed.map(({ child: { name, ...now }, parent: { name: _, ...before } }) => ({ name, now, before })),
    renamed: renamed.map(({ child: { name }, parent: { name: before } }) => ({ name, before })),
    added: added.map(({ name }) => name),
    removed: removed.map(({ name }) => name),
  };
}
