import type { StatedModel } from "./model-entry.ts";

/** What an agent says of the models it runs, as its registration file has it: a statement of the agent's owner. */
export interface StatedAgent {
  /** `eip155:<chain>:<identity registry>/<id>`. */
  readonly id: string;
  /** Absent where the registry does not say. */
  readonly owner?: string;
  /** A stranger's text. */
  readonly name?: string;
  /** Where its registration file is: in the token itself, content addressed, or on the web; absent where that is not known. */
  readonly file?: "data" | "ipfs" | "web";
  readonly models: readonly StatedModel[];
  /** Why none is known: the agent, or an entry in its file, is not there; or they could not be read. */
  readonly fault?: readonly ["absent" | "unknown", reason: string];
  readonly warnings: readonly string[];
}
