import type { ExportedModel } from "./exported-model.ts";

/** What a form may be told beside the record. */
export interface FormOptions {
  /** One of the form's `specs`; the first unless given. */
  readonly spec?: string;
  /** Signs the bytes that a form's standard says are signed. */
  readonly signer?: FormSigner;
  /** The bytes of the state-proof pack of the record, or why there is none; for a form that `takes` it. */
  readonly pack?: Uint8Array | string;
}

/** A key that signs exports: the same signature for the same bytes every time. */
export interface FormSigner {
  /** How JOSE calls it: ES256, ES384, ES512, EdDSA. */
  readonly algorithm: string;
  /** What names the key: a hint. */
  readonly keyId: string;
  /** The public key as W3C's Multikey has it: what follows `did:key:`. */
  readonly multikey: string;
  /** `did:…` of who signs, also with `#` and the name of the key there; a DID of the key itself unless given. */
  readonly issuer?: string;
  /** @returns for EC keys DER where `encoding` is "der", else r and s one after the other */
  readonly sign: (bytes: Uint8Array, encoding: "der" | "raw") => Uint8Array;
}

/** Which of our fields becomes which of theirs: a row of docs/exports.md. */
export interface FieldRow {
  /** Of the metadata's `provenance` unless it begins with `record.`, `status.`, `metadata.` or `lineage.`. */
  readonly ours: string;
  /** A path in their document: names with dots between, `[]` behind one for each member of its list. */
  readonly theirs: string;
  readonly note?: string;
}

/** A file and its SHA-256, in hex digits, as an export says it. */
export type StatedDigest = readonly [name: string, sha256: string];

/** What writes a form, loaded when the form is used. */
export interface FormWriter {
  readonly fields: readonly FieldRow[];
  /** Runs anywhere and reads no clock: the same bytes for the same record and options. */
  readonly write: (model: ExportedModel, options: FormOptions) => string | Uint8Array | Promise<string | Uint8Array>;
  /** The document that the paths of `fields` lead through, where the file is not that document as JSON. */
  readonly readDocument?: (bytes: Uint8Array) => unknown;
  /** What an export says of the model's files, read back from its bytes; undefined for a form that names no files. */
  readonly readDigests?: (bytes: Uint8Array) => readonly StatedDigest[];
}

/** One form in which a record is exported: all that is known of it before it is used. */
export interface ExportForm {
  /** As it is typed. */
  readonly name: string;
  /** As its standard calls it. */
  readonly title: string;
  /** A clause for the help. */
  readonly summary: string;
  /** Of its files, without a dot before it. */
  readonly extension: string;
  readonly mediaType: string;
  /** Versions of the standard, the one that is written unless asked otherwise first. */
  readonly specs?: readonly [string, ...string[]];
  /** Of the command's options those that the form takes beside `--out` and `--check`. */
  readonly takes?: readonly ("ancestors" | "key" | "issuer" | "pack")[];
  /** Whether there is none without a key that signs it. */
  readonly isSigned?: true;
  readonly load: () => Promise<FormWriter>;
}
