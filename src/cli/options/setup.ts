import { invalid, option } from "../../base/option.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** The command line itself. */
export const SETUP_OPTIONS = {
  shell: option("shell", "COMPLETION_SHELL", `the shell to complete for: ${SHELLS.join(", ")}`, readShell),
} as const;

function readShell(value: string, name: string): (typeof SHELLS)[number] {
  return SHELLS.find((shell) => shell === value) ?? invalid(name, value, `one of ${SHELLS.join(", ")}`);
}
