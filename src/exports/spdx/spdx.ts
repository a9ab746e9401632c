import type { ExportForm } from "../form.ts";

/** SPDX: a bill of materials with the profiles for models and data sets, for licence compliance and regulators. */
export const SPDX: ExportForm = {
  name: "spdx",
  title: "SPDX with AI and Dataset profiles",
  summary: "a bill of materials in JSON-LD with the AI and Dataset profiles (SPDX)",
  extension: "spdx.json",
  mediaType: "application/spdx+json",
  specs: ["3.0.1"],
  takes: ["ancestors"],
  load: async () => (await import("./write-spdx.ts")).SPDX_WRITER,
};
