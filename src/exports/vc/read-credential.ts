import { ProvenanceError } from "../../base/errors.ts";
import { type Hex } from "../../base/hex.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import type { StatedCredential } from "../../verify/evidence.ts";
import { EXPORT_MAX_BYTES } from "../write-form.ts";

/** No credential is longer. */
export const CREDENTIAL_MAX_BYTES = EXPORT_MAX_BYTES;

/** A credential as it was given, before its proof is looked at. */
export interface GivenCredential {
  readonly document: Readonly<Record<string, unknown>>;
  /** The signed token that it came in. */
  readonly token?: { readonly text: string; readonly header: Readonly<Record<string, unknown>> };
  /** CAIP-10 account of the registry that it names. */
  readonly registry: string;
  readonly tokenId: Hex;
  readonly issuer: string;
  readonly claims: StatedCredential["claims"];
}

// Three for each file.
const MAX_KEYS = 1_000_000;
const RECORD = /^(eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40})\/(0x[0-9a-f]{64})$/;

/**
 * Reads a credential about a model, in JSON or as a token, without believing any of it.
 *
 * @throws {ProvenanceError} `CREDENTIAL_INVALID` for what is none that names a record
 */
export function readCredential(bytes: Uint8Array): GivenCredential {
  if (bytes.length > EXPORT_MAX_BYTES) throw invalid(`it has more than ${EXPORT_MAX_BYTES} bytes`);
  const text = new TextDecoder().decode(bytes).trim();
  const token = text.startsWith("{") ? undefined : splitToken(text);
  const document = token?.payload ?? toObject(parse(bytes), "it");
  const subject = toObject(document["credentialSubject"], "its credentialSubject");
  const [, registry, tokenId] = RECORD.exec(typeof subject["id"] === "string" ? subject["id"] : "") ?? [];
  if (registry === undefined || tokenId === undefined) throw invalid("it does not name the record of a model");
  const { issuer: given } = document;
  const issuer = typeof given === "string" ? given : toObject(given, "its issuer")["id"];
  if (typeof issuer !== "string" || issuer === "") throw invalid("it has no issuer");
  return {
    document,
    ...(token && { token: { text, header: token.header } }),
    registry,
    tokenId: tokenId as Hex,
    issuer,
    claims: readClaims(document, subject),
  };
}

function readClaims(document: Readonly<Record<string, unknown>>, subject: Readonly<Record<string, unknown>>) {
  const [record] = Array.isArray(document["evidence"]) ? (document["evidence"] as unknown[]) : [];
  const { metadataDigest } = isObject(record) ? record : {};
  const creator = isObject(subject["creator"]) ? subject["creator"]["id"] : undefined;
  const files = Array.isArray(subject["files"]) ? (subject["files"] as unknown[]) : undefined;
  return {
    ...(typeof metadataDigest === "string" && { metadataDigest }),
    ...(typeof creator === "string" && { creator }),
    ...(typeof subject["license"] === "string" && { license: subject["license"] }),
    ...(files && { files: files.map((file) => readFile(file)) }),
  };
}

function readFile(file: unknown): readonly [string, string] {
  const { name, sha256 } = toObject(file, "a file of it");
  if (typeof name !== "string" || typeof sha256 !== "string") throw invalid("a file of it has no name or no digest");
  return [name, sha256];
}

/** The parts of a compact JWS (RFC 7515, section 7.1). */
function splitToken(text: string) {
  const [header = "", payload = "", signature = "", ...more] = text.split(".");
  if (signature === "" || more.length > 0) throw invalid("it is neither JSON nor a token of three parts");
  return {
    header: toObject(parse(decodePart(header)), "its header"),
    payload: toObject(parse(decodePart(payload)), "its payload"),
  };
}

/** Decodes a part of a token. @throws {ProvenanceError} `CREDENTIAL_INVALID` */
export function decodePart(part: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]+$/.test(part) || part.length % 4 === 1) throw invalid("a part of it is not base64url");
  const binary = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseUntrustedJson(bytes, EXPORT_MAX_BYTES, "It", MAX_KEYS);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function toObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw invalid(`${what} is no object`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(why: string): ProvenanceError {
  return new ProvenanceError("CREDENTIAL_INVALID", `This is no credential about a recorded model: ${why}.`);
}
