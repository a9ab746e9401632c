import type { ExitCode } from "../../../src/cli/exit-codes.ts";
import { type Terminal, processTerminal } from "../../../src/cli/terminal.ts";

/** A story is read from top to bottom: everything goes to one stream. */
export function storyTerminal(): Terminal {
  const { counting: _, ...plain } = processTerminal();
  return { ...plain, note: (text) => console.log(text) };
}

/** Begins a part of a story. */
export function chapter(title: string): void {
  console.log(`\n── ${title}\n`);
}

/** Ends a story that shows something else than it claims. */
export function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`The demo does not show what it claims: ${what}.`);
}

/** Ends a story of which a verb ended otherwise than it claims. */
export function expectExit(verb: string, actual: ExitCode, expected: ExitCode): void {
  expect(`${verb} exits with ${expected}, and not with ${actual}`, actual === expected);
}
