import { choice } from "../../base/option.ts";

/** The shells for which completion is written. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** The command line itself. */
export const SETUP_OPTIONS = {
  shell: choice("shell", "COMPLETION_SHELL", `the shell to complete for: ${SHELLS.join(", ")}`, SHELLS),
} as const;
