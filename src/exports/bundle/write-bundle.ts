import { sha256, toDigits, toUtf8 } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type ArchivedFile, readZip, writeZip } from "../../base/zip-archive.ts";
import { canonicalJson } from "../../metadata/canonical-json.ts";
import { toIsoTime } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { ExportForm, FormOptions, FormWriter } from "../form.ts";
import { FORMS } from "../forms.ts";
import { writeForm } from "../write-form.ts";

/** A file of a bundle, as its manifest has it. */
interface Part {
  readonly file: ArchivedFile;
  readonly title: string;
  readonly mediaType: string;
}

/** Something that a bundle does not hold, and why. */
interface Missing {
  readonly title: string;
  readonly why: string;
}

/** The name of the state-proof pack in a bundle. */
export const PACK_NAME = "record.pack.json";

const MANIFEST = "manifest.json";

/** Writes a bundle, and reads its manifest back. */
export const BUNDLE_WRITER: FormWriter = {
  fields: [
    { ours: "record.id", theirs: "id" },
    { ours: "record.mintedAt", theirs: "recordedAt" },
    { ours: "status.word", theirs: "status" },
    { ours: "every form", theirs: "files[].sha256" },
    { ours: "what could not be made", theirs: "missing[].why", note: "a form that needs a key, a pack without proofs" },
  ],
  write: async (model, options) => {
    const made = await Promise.all(FORMS.map(async (form) => tryForm(form, model, options)));
    const all = [...made, ...listOriginals(model, options)];
    const parts = all.filter((one): one is Part => "file" in one);
    const manifest = toUtf8(`${JSON.stringify(describe(model, parts, all.filter(isMissing)), null, 2)}\n`);
    return writeZip([{ name: MANIFEST, bytes: manifest }, ...parts.map(({ file }) => file)]);
  },
  readDocument: (bytes) => {
    const manifest = readZip(bytes)?.find(({ name }) => name === MANIFEST);
    return JSON.parse(new TextDecoder().decode(manifest?.bytes)) as unknown;
  },
};

/** A form that needs what is not there is named in the manifest; that is no reason for no bundle. */
async function tryForm(form: ExportForm, model: ExportedModel, { signer }: FormOptions): Promise<Part | Missing> {
  const { title, mediaType, extension, takes = [] } = form;
  const isSigned = signer !== undefined && takes.includes("key");
  try {
    const bytes = await writeForm(form, model, isSigned ? { signer } : {});
    return { title, mediaType, file: { name: `record.${extension}`, bytes } };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code === "EXPORT_INVALID") throw error;
    return { title, why: error.message };
  }
}

/** What all forms are made from: the metadata, byte by byte, and the proof of the record. */
function listOriginals(model: ExportedModel, { pack }: FormOptions): (Part | Missing)[] {
  const metadata = canonicalJson(model.metadata);
  const isSame = `0x${toDigits(sha256(metadata))}` === model.record.metadataDigest;
  return [
    isSame
      ? { title: "metadata", mediaType: "application/json", file: { name: "metadata.json", bytes: metadata } }
      : { title: "metadata", why: "Its bytes are not canonical JSON: fetch them by their CID." },
    pack === undefined || typeof pack === "string"
      ? { title: "state-proof pack", why: pack ?? "No node was asked for proofs." }
      : { title: "state-proof pack", mediaType: "application/json", file: { name: PACK_NAME, bytes: pack } },
  ];
}

function isMissing(one: Part | Missing): one is Missing {
  return "why" in one;
}

function describe(model: ExportedModel, parts: readonly Part[], missing: readonly Missing[]) {
  const { id, record, status } = model;
  return {
    schemaVersion: "1.0",
    type: "model-provenance-bundle",
    id,
    name: model.metadata.name,
    recordedAt: toIsoTime(record.mintedAt),
    status: status.word,
    files: parts.map(({ file: { name, bytes }, title, mediaType }) => {
      return { name, title, mediaType, size: bytes.length, sha256: toDigits(sha256(bytes)) };
    }),
    missing,
  };
}
