import type { ExportForm } from "../form.ts";

const title = "EU documentation of a general-purpose AI model, and Model Openness Framework";

/** What European law asks of providers of general-purpose AI models, filled from the record as far as it goes: to be read. */
export const GPAI: ExportForm = {
  name: "gpai",
  title,
  summary: "the EU's documentation of a general-purpose model and the Model Openness Framework, with what is missing",
  extension: "gpai.md",
  mediaType: "text/markdown",
  load: async () => (await import("./write-gpai.ts")).GPAI_MARKDOWN_WRITER,
};

/** The same for programs. */
export const GPAI_JSON: ExportForm = {
  name: "gpai-json",
  title: `${title}, as JSON`,
  summary: "the same as JSON",
  extension: "gpai.json",
  mediaType: "application/json",
  load: async () => (await import("./write-gpai.ts")).GPAI_JSON_WRITER,
};
