import { choice, everyday, rare, text, toggle } from "../../base/option.ts";

/** Every form in which a command answers; each command says which of them it knows. */
export const OUTPUT_FORMATS = [
  "human",
  "json",
  "github",
  "sha256sum",
  "vsa",
  "quiet",
  "junit",
  "mermaid",
  "dot",
  "svg",
] as const;
/** One of {@link OUTPUT_FORMATS}. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What a command leaves behind and prints. */
export const OUTPUT_OPTIONS = {
  claimFile: toggle("claim-file", "CLAIM_FILE", "leave model-provenance.json with the model; on unless 0"),
  format: everyday(choice("format", "OUTPUT_FORMAT", "form of the answer", OUTPUT_FORMATS)),
  verbose: everyday(toggle("verbose", "VERBOSE", "list all files and all checks, not only what differs")),
  stepSummary: rare(text("step-summary", "GITHUB_STEP_SUMMARY", "file that --format github adds a table to")),
  stepOutput: rare(text("step-output", "GITHUB_OUTPUT", "file that --format github adds the outputs of a step to")),
  outputPath: everyday(text("out", "OUTPUT_PATH", "the file to write")),
} as const;
