import { createProgress } from "../../src/cli/progress.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal nobody sits at, that keeps what a command writes. */
export function recordingTerminal() {
  const printed: string[] = [];
  const notes: string[] = [];
  const warnings: string[] = [];
  const terminal: Terminal = {
    print: (text) => void printed.push(text),
    note: (text) => void notes.push(text),
    warn: (text) => void warnings.push(text),
    progress: () => createProgress({ write: () => undefined }, () => 0),
    ask: async () => false,
    interactive: false,
  };
  return { terminal, printed, notes, warnings };
}
