import { option, text, toggle, invalid } from "./declare.ts";

/** What a command leaves behind and prints. */
export const OUTPUT_OPTIONS = {
  claimFile: toggle("claim-file", "CLAIM_FILE", "leave model-provenance.json with the model; on unless 0"),
  format: option("format", "OUTPUT_FORMAT", "human or json", readFormat),
  outputPath: text("out", "OUTPUT_PATH", "the file to write"),
} as const;

function readFormat(value: string, name: string): "human" | "json" {
  return value === "human" || value === "json" ? value : invalid(name, value, "human or json");
}
