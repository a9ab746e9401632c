import type { ExportForm } from "../form.ts";

/** All forms of a record, and what proves it without a network, in one file for an archive. */
export const BUNDLE: ExportForm = {
  name: "bundle",
  title: "bundle of all forms",
  summary: "all forms, the metadata and the state-proof pack in one zip archive, with a manifest",
  extension: "zip",
  mediaType: "application/zip",
  takes: ["ancestors", "key", "issuer", "pack"],
  load: async () => (await import("./write-bundle.ts")).BUNDLE_WRITER,
};
