import { everyday, text, toggle } from "../../base/option.ts";

/** What is exported, and how. */
export const EXPORT_OPTIONS = {
  exportOf: everyday(text("of", "EXPORT_OF", "whose record: a token, a path, or hf:owner/name[@revision]")),
  exportCheck: everyday(text("check", "EXPORT_CHECK", "what was exported: compare all of it with the chain")),
  exportSpec: text("spec", "EXPORT_SPEC", "the version of the standard, where the form has several"),
  exportAncestors: toggle(
    "ancestors",
    "EXPORT_ANCESTORS",
    "all that the model came from as well, not its parents alone",
  ),
} as const;
