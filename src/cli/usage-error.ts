import { ProvenanceError } from "../base/errors.ts";

/** The command was typed in a way that is not understood; says in a line or two what may be meant. */
export class UsageError extends ProvenanceError {
  readonly hints: readonly string[];

  constructor(message: string, hints: readonly (string | undefined)[], options?: ErrorOptions) {
    super("OPTION_INVALID", message, options);
    this.hints = hints.filter((hint) => hint !== undefined);
  }
}
