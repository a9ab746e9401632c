import { writeFileAtomically } from "../../base/atomic-write.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { compareBytes, sha256 } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex } from "../../base/hex.ts";
import type { ExportForm, FormOptions, FormSigner } from "../../exports/form.ts";
import { EXPORT_MAX_BYTES, writeForm } from "../../exports/write-form.ts";
import type { ExportedModel } from "../../exports/exported-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { readTextFile } from "../read-text-file.ts";
import { type ReadExport, readExported } from "../read-exported.ts";
import type { Options } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";

/**
 * Writes a record in a form, to a file or to stdout; or compares such a file, byte by byte, with what it would be now.
 *
 * @returns 1 where such a file is another
 * @throws {ProvenanceError} as {@link readExported} and `writeForm`
 */
export async function runExportForm(
  form: ExportForm,
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  const { outputPath, exportCheck, exportSpec } = options;
  if (outputPath !== undefined && exportCheck !== undefined) {
    throw new ProvenanceError("OPTION_INVALID", "Either --out writes an export or --check compares one, not both.");
  }
  const given = exportCheck === undefined ? undefined : await readGiven(exportCheck);
  const read = await readExported(options, connect, terminal);
  const { model } = read;
  const signer = await openSigner(options);
  const told: FormOptions = {
    ...(exportSpec !== undefined && { spec: exportSpec }),
    ...(signer && { signer }),
    ...(form.takes?.includes("pack") && { pack: await findPack(given, read) }),
  };
  const bytes = await writeForm(form, model, told);
  sayWhatIsWrong(model, terminal);
  if (given !== undefined) {
    return report("checked", exportCheck as string, { form, model, bytes, given }, options, terminal);
  }
  if (outputPath !== undefined) {
    await writeOut(outputPath, bytes);
    return report("wrote", outputPath, { form, model, bytes }, options, terminal);
  }
  if (!isText(form)) {
    throw new ProvenanceError("OPTION_MISSING", `${form.title} is no text: say with --out where it shall go.`);
  }
  terminal.print(new TextDecoder().decode(bytes).replace(/\n$/, ""));
  return EXIT.done;
}

async function findPack(given: Uint8Array | undefined, read: ReadExport): Promise<Uint8Array | string> {
  const { makePack, takePack } = await import("../bundle-pack.ts");
  return given === undefined ? makePack(read) : takePack(given, read);
}

async function openSigner({ privateKey, privateKeyPassword, exportIssuer }: Options): Promise<FormSigner | undefined> {
  if (privateKey === undefined) return undefined;
  const { openKeySigner } = await import("../../model/oms/key-signer.ts");
  const signer = openKeySigner(await readTextFile(privateKey, "private key"), privateKeyPassword);
  return exportIssuer === undefined ? signer : { ...signer, issuer: exportIssuer };
}

interface Written {
  readonly form: ExportForm;
  readonly model: ExportedModel;
  readonly bytes: Uint8Array;
  /** The file that is compared with it. */
  readonly given?: Uint8Array;
}

function report(
  did: "wrote" | "checked",
  path: string,
  { form, model, bytes, given }: Written,
  options: Options,
  terminal: Terminal,
): ExitCode {
  const difference = given && findDifference(given, bytes);
  const exitCode = difference === undefined ? EXIT.done : EXIT.failed;
  if (options.format === "json") {
    const document = {
      schemaVersion: "1.0",
      exitCode,
      form: form.name,
      file: path,
      ...(difference !== undefined && { difference }),
      bytes: bytes.length,
      sha256: toHex(sha256(bytes)),
      registry: model.registry,
      tokenId: model.tokenId,
      status: model.status.word,
      contradictions: model.contradictions,
      unknown: model.unknown,
    };
    terminal.print(JSON.stringify(document, null, 2));
    return exitCode;
  }
  const what = `${printable(path)} (${form.title}, ${bytes.length} bytes)`;
  if (did === "wrote") terminal.print(`wrote ${what}`);
  else if (difference === undefined)
    terminal.print(`VERIFIED: says what the chain says now: ${what} (exit ${exitCode})`);
  else
    terminal.print(
      `FAILED: ${printable(path)} is not what the chain says now: it differs ${difference} (exit ${exitCode})`,
    );
  if (difference !== undefined)
    terminal.note("It was changed, or something was said of the model since it was written.");
  return exitCode;
}

/** What whoever gets the file reads in it, and who makes it must know. */
function sayWhatIsWrong({ status, contradictions, unknown }: ExportedModel, terminal: Terminal): void {
  if (status.word !== "active") terminal.warn(`The model is ${status.word}, and the export says so.`);
  for (const text of [...contradictions, ...unknown]) terminal.warn(text);
}

function isText({ mediaType }: ExportForm): boolean {
  return /json|jwt|^text\//.test(mediaType);
}

async function readGiven(path: string): Promise<Uint8Array> {
  return readGivenFile(path, { what: "EXPORT_CHECK:", maxBytes: EXPORT_MAX_BYTES });
}

/** Where an export begins to be another than it would be now; undefined: nowhere. */
function findDifference(given: Uint8Array, now: Uint8Array): string | undefined {
  if (compareBytes(given, now) === 0) return undefined;
  const at = now.findIndex((byte, i) => byte !== given[i]);
  if (at === -1) return `behind byte ${now.length}`;
  const line = 1 + now.subarray(0, at).filter((byte) => byte === 10).length;
  return `at byte ${at}, line ${line}`;
}

async function writeOut(path: string, bytes: Uint8Array): Promise<void> {
  await writeFileAtomically(path, bytes).catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `OUTPUT_PATH ${path} cannot be written (${cause.code}).`, { cause });
  });
}
