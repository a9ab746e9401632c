import type { ExportForm } from "../form.ts";

/** One page that reads and prints without anything else: for people who read no JSON. */
export const HTML: ExportForm = {
  name: "html",
  title: "Page for people",
  summary: "one page that needs nothing else and prints on A4: status, licence, origin, what is proven",
  extension: "html",
  mediaType: "text/html",
  takes: ["ancestors"],
  load: async () => (await import("./write-page.ts")).HTML_WRITER,
};
