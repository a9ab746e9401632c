import type { ExportForm } from "../form.ts";

/** The data that a model was trained on, as catalogues of data sets read it. */
export const CROISSANT: ExportForm = {
  name: "croissant",
  title: "Croissant",
  summary: "the data that the model was trained on, as its record names it (MLCommons Croissant 1.0)",
  extension: "croissant.json",
  mediaType: "application/ld+json",
  load: async () => (await import("./write-croissant.ts")).CROISSANT_WRITER,
};
