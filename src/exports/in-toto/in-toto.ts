import type { ExportForm } from "../form.ts";

/** in-toto: what was recorded of the files, as an attestation of SLSA provenance, and of a recall as one that fails. */
export const IN_TOTO: ExportForm = {
  name: "in-toto",
  title: "in-toto attestation with SLSA provenance",
  summary:
    "a statement of SLSA provenance about all files, in a DSSE envelope (in-toto); signed with a key that is given",
  extension: "intoto.jsonl",
  mediaType: "application/vnd.in-toto.bundle+json",
  specs: ["1"],
  takes: ["key"],
  load: async () => (await import("./write-attestation.ts")).IN_TOTO_WRITER,
};
