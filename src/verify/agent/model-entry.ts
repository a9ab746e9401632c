import type { Hex } from "../../base/hex.ts";
import { isRecord } from "../../base/is-record.ts";

/** By which an entry about a recorded model is found among an agent's services, as those of other protocols are. */
export const MODEL_ENTRY_NAME = "model-provenance";
/** Of the form of such an entry. */
export const MODEL_ENTRY_VERSION = "1.0";

/** A model that an agent says it runs. */
export interface StatedModel {
  /** CAIP-10 account of the registry that is said to hold its record. */
  readonly registry: string;
  /** The model's digest, which is its token. */
  readonly tokenId: Hex;
  /** What the entry says beside; a copy, which may be old. */
  readonly name?: string;
  readonly license?: string;
  /** A DID. */
  readonly creator?: string;
}

/** An entry that is none, and why, in a clause. */
export interface FaultyEntry {
  readonly fault: string;
}

const RECORD = /^(eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40})\/(0x[0-9a-f]{64})$/;
const MAX_TEXT = 1000;

/** Reads an entry of the name {@link MODEL_ENTRY_NAME}: its endpoint is the record. */
export function readModelEntry({ endpoint, model }: Readonly<Record<string, unknown>>): StatedModel | FaultyEntry {
  const [, registry, tokenId] = RECORD.exec(typeof endpoint === "string" ? endpoint : "") ?? [];
  if (registry === undefined || tokenId === undefined) return { fault: "its endpoint names no record of a model" };
  const { name, license, creator, modelDigest } = isRecord(model) ? model : {};
  if (modelDigest !== undefined && modelDigest !== tokenId) {
    return { fault: "its endpoint names another model than its modelDigest" };
  }
  return { registry, tokenId: tokenId as Hex, ...texts({ name, license, creator }) };
}

/** Leaves out what is no text, or longer than one is. */
function texts<Name extends string>(values: Record<Name, unknown>): Partial<Record<Name, string>> {
  const kept = Object.entries(values).filter(([, text]) => typeof text === "string" && text.length <= MAX_TEXT);
  return Object.fromEntries(kept) as Partial<Record<Name, string>>;
}
