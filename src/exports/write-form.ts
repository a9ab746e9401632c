import { toUtf8 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { ExportedModel } from "./exported-model.ts";
import type { ExportForm, FormOptions, FormWriter } from "./form.ts";

/** The largest export, in bytes: what other people's tools are asked to take whole. */
export const EXPORT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Writes a record in a form. Every digest in it is read back and compared with the manifest: validators of others were seen
 * to accept what is none.
 *
 * @returns the bytes of the file; the same for the same record and options, on every machine
 * @throws {ProvenanceError} `OPTION_INVALID` for a version or an option that the form does not know; `EXPORT_TOO_LARGE`;
 *   `EXPORT_INVALID` if it does not say of the files what is recorded, which is a fault of the form
 */
export async function writeForm(
  form: ExportForm,
  model: ExportedModel,
  options: FormOptions = {},
): Promise<Uint8Array> {
  assertOptions(form, options);
  const writer = await form.load();
  const written = await writer.write(model, { ...(form.specs && { spec: form.specs[0] }), ...options });
  const bytes = typeof written === "string" ? toUtf8(written) : written;
  if (bytes.length > EXPORT_MAX_BYTES) {
    const text = `As ${form.title} the record has ${bytes.length} bytes; an export has at most ${EXPORT_MAX_BYTES}.`;
    throw new ProvenanceError("EXPORT_TOO_LARGE", text);
  }
  assertDigests(form, writer, model, bytes);
  return bytes;
}

function assertOptions({ name, title, specs, takes = [], isSigned }: ExportForm, { spec, signer }: FormOptions): void {
  if (spec !== undefined && !specs?.includes(spec)) {
    const known = specs === undefined ? "has one version only" : `is written as ${specs.join(" or ")}`;
    throw new ProvenanceError("OPTION_INVALID", `EXPORT_SPEC: ${title} ${known}, not ${JSON.stringify(spec)}.`);
  }
  if (signer === undefined && isSigned) {
    throw new ProvenanceError("OPTION_MISSING", `An export as ${name} is signed: name the key with --private-key.`);
  }
  if (signer !== undefined && !takes.includes("key")) {
    throw new ProvenanceError("OPTION_INVALID", `An export as ${name} is not signed: leave the key out.`);
  }
}

function assertDigests(form: ExportForm, writer: FormWriter, { resources }: ExportedModel, bytes: Uint8Array): void {
  if (writer.readDigests === undefined) return;
  const recorded = new Map(resources.map(({ name, sha256 }) => [name, sha256]));
  const stated = writer.readDigests(bytes);
  const wrong = stated.find(([name, digest]) => recorded.get(name) !== digest);
  if (wrong === undefined && stated.length === recorded.size) return;
  const what =
    wrong === undefined
      ? `${stated.length} files, and ${recorded.size} are recorded`
      : `${JSON.stringify(wrong[0])} with the digest ${wrong[1]}, and recorded is ${recorded.get(wrong[0]) ?? "no such file"}`;
  throw new ProvenanceError("EXPORT_INVALID", `The export as ${form.name} was not written: it names ${what}.`);
}
