import type { ExportForm } from "../form.ts";

/** CycloneDX: a bill of materials of a machine-learning model, for scanners and procurement. */
export const CYCLONEDX: ExportForm = {
  name: "cyclonedx",
  title: "CycloneDX ML-BOM",
  summary: "a bill of materials with model card, pedigree and files (CycloneDX ML-BOM)",
  extension: "cdx.json",
  mediaType: "application/vnd.cyclonedx+json",
  specs: ["1.7", "1.6"],
  takes: ["ancestors"],
  load: async () => (await import("./write-bom.ts")).CYCLONEDX_WRITER,
};
