import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { canonicalJson } from "../metadata/canonical-json.ts";
import type { RegistrationReader } from "./read-registrations.ts";
import { type Registration, type RegistrationFacts } from "./registration.ts";
import { findBrokenLinks, keyOf, nameOfKey } from "./registration-file.ts";

/** Something in a file that is not as the chain has it. */
export interface RegistrationFault {
  readonly index: number;
  /** For example `data.License`; `hash` for a broken link. */
  readonly field: string;
  /** What the file says. */
  readonly actual?: unknown;
  /** What the chain says, and the metadata whose digest is on it. */
  readonly expected?: unknown;
  readonly text: string;
}

/** What a check of a file found. */
export interface RegistrationReport {
  /** `unchecked` where an entry could not be looked up, and nothing else was found. */
  readonly verdict: "verified" | "mismatch" | "unchecked";
  /** Entries, the first one included. */
  readonly entries: number;
  readonly faults: readonly RegistrationFault[];
  /** Entries that could not be looked up, and why. */
  readonly unchecked: readonly { readonly index: number; readonly text: string }[];
  /** What is no fault of an entry: models of a batch that the file leaves out. */
  readonly warnings: readonly string[];
}

/**
 * Checks a whole chain of registrations: hashes and links first, then every field of every entry against the chain and
 * the metadata whose digest is on it. A file whose hashes were computed anew after a change is found out as well.
 *
 * @param onEntry - called for each entry that was looked up
 */
export async function checkRegistrations(
  entries: readonly Registration[],
  reader: RegistrationReader,
  onEntry: () => void = () => undefined,
): Promise<RegistrationReport> {
  const faults: RegistrationFault[] = [];
  const unchecked: { index: number; text: string }[] = [];
  for (const { index, fault } of findBrokenLinks(entries)) {
    faults.push({ index, field: "hash", text: `Entry ${index}: ${fault}.` });
  }
  const models = new Set<string>();
  const members = new Map<string, number>();
  for (const entry of entries) {
    try {
      faults.push(...(await checkEntry(entry, reader, models, members)));
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      unchecked.push({ index: entry.index, text: error.message });
    }
    onEntry();
  }
  const warnings = await findMissing(members, reader);
  const verdict = faults.length > 0 ? "mismatch" : unchecked.length > 0 ? "unchecked" : "verified";
  return { verdict, entries: entries.length, faults, unchecked, warnings };
}

async function checkEntry(
  entry: Registration,
  reader: RegistrationReader,
  models: Set<string>,
  members: Map<string, number>,
): Promise<RegistrationFault[]> {
  const { index } = entry;
  if (index === 0) return compare(entry, await reader.genesis());
  const key = keyOf(entry);
  if (key === undefined) {
    return [{ index, field: "data", text: `Entry ${index} does not say which record it is about.` }];
  }
  const name = nameOfKey(key);
  if (models.has(name)) return [{ index, field: "data", text: `Entry ${index} stands twice in the file.` }];
  models.add(name);
  const facts = await reader.read(key);
  if (facts === undefined) {
    const text = `Entry ${index}: the registry has no such record (model ${key.modelDigest}).`;
    return [{ index, field: "data.modelDigest", actual: key.modelDigest, text }];
  }
  if (key.type === "batch") {
    const batch = `${key.root} ${key.creator.toLowerCase()}`;
    members.set(batch, (members.get(batch) ?? 0) + 1);
  }
  return compare(entry, facts);
}

/** Compares every field that is in the file or should be. */
function compare(entry: Registration, facts: RegistrationFacts): RegistrationFault[] {
  const { index, timestamp, data, transaction, hash: _, previous_hash: __, ...more } = entry;
  const faults: RegistrationFault[] = [];
  const check = (field: string, actual: unknown, expected: unknown) => {
    if (isSame(actual, expected)) return;
    const text = `Entry ${index}: ${field} says ${show(actual)}, the record says ${show(expected)}.`;
    faults.push({ index, field, actual, expected, text });
  };
  check("timestamp", timestamp, facts.timestamp);
  const parts = [
    ["data", data, facts.data],
    ["transaction", transaction, facts.transaction],
  ] as const;
  for (const [part, actual, expected] of parts) {
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      check(`${part}.${key}`, ownField(actual, key), ownField(expected, key));
    }
  }
  for (const [key, value] of Object.entries(more)) check(key, value, undefined);
  return faults;
}

/** What an object says itself: every object has a `__proto__`. */
function ownField(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined;
}

async function findMissing(members: ReadonlyMap<string, number>, reader: RegistrationReader): Promise<string[]> {
  const warnings: string[] = [];
  for (const [batch, held] of members) {
    const [root, creator] = batch.split(" ") as [Hex, string];
    const count = await reader.countOf(root, creator);
    if (count !== undefined && count > BigInt(held)) {
      warnings.push(`The file has ${held} of the ${count} models of the batch ${root}.`);
    }
  }
  return warnings;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  try {
    return Buffer.from(canonicalJson(a)).equals(canonicalJson(b));
  } catch {
    return false; // what has no canonical form was not recorded
  }
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}
