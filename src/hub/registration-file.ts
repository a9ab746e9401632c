import { readFile } from "node:fs/promises";
import { z } from "zod";
import { replaceFileAtomically } from "../base/atomic-write.ts";
import { ProvenanceError } from "../base/errors.ts";
import { hasRepeatedKey } from "../model/formats/strict-json.ts";
import type { Hex } from "../base/hex.ts";
import {
  NO_PREVIOUS,
  type Registration,
  type RegistrationFacts,
  appendRegistration,
  hashRegistration,
} from "./registration.ts";
import type { RegistrationKey } from "./read-registrations.ts";

const digest = z.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value));
const registrationSchema = z.looseObject({
  index: z.int().nonnegative(),
  timestamp: z.string(),
  data: z.record(z.string(), z.unknown()),
  previous_hash: z.string(),
  hash: z.string(),
  transaction: z.looseObject({
    hash: z.string().nullable(),
    blockNumber: z.int().nonnegative(),
    blockHash: z.string(),
  }),
});
const keySchema = z.looseObject({
  modelDigest: digest,
  // A name would be looked up by the node: what it stands for is not for the file to say.
  creator: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  record: z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("token") }),
    z.looseObject({ type: z.literal("batch"), root: digest }),
  ]),
});

/**
 * Reads a chain of registrations. The form of its entries is checked, not what they say.
 *
 * @returns undefined where there is no such file
 * @throws {ProvenanceError} `REGISTRATIONS_INVALID`; `OPTION_INVALID` where it cannot be read
 */
export async function readRegistrationFile(path: string): Promise<Registration[] | undefined> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ProvenanceError("OPTION_INVALID", `The file ${path} cannot be read (${cause.code}).`, { cause });
  });
  if (bytes === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw invalid(path, "it is no JSON", cause);
  }
  // Of a key that stands twice, who reads the file next may take the other value.
  if (hasRepeatedKey(bytes, json)) throw invalid(path, "a key stands twice in one of its objects");
  const parsed = z.array(registrationSchema).min(1).safeParse(json);
  if (parsed.success) return json as Registration[];
  const { path: where, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
  throw invalid(path, `${where.join(".") || "it"} is no entry (${message})`);
}

/** Which registration an entry claims to be, the creator in lower case; undefined for one that does not say. */
export function keyOf({ data }: Pick<Registration, "data">): RegistrationKey | undefined {
  const parsed = keySchema.safeParse(data);
  if (!parsed.success) return undefined;
  const { modelDigest, creator, record } = parsed.data;
  return record.type === "token"
    ? { type: "token", modelDigest }
    : { type: "batch", modelDigest, root: record.root, creator: creator.toLowerCase() };
}

/** One text for all keys of the same registration: an address may be written in capitals or not. */
export function nameOfKey(key: RegistrationKey): string {
  const batch = key.type === "batch" ? [key.root, key.creator.toLowerCase()] : [];
  return [key.type, key.modelDigest, ...batch].join(" ");
}

/** Finds the entries whose hash, or whose link to the one before, does not hold, and says why. */
export function findBrokenLinks(entries: readonly Registration[]): { index: number; fault: string }[] {
  return entries.flatMap((entry, index) => {
    const previous = index === 0 ? NO_PREVIOUS : (entries[index - 1] as Registration).hash;
    if (entry.index !== index) return [{ index, fault: `its index is ${entry.index}` }];
    if (entry.previous_hash !== previous) return [{ index, fault: "it does not follow the entry before" }];
    return hashOrNothing(entry) === entry.hash ? [] : [{ index, fault: "its hash is not that of its content" }];
  });
}

/** What JSON can hold and RFC 8785 cannot has no hash: a lone surrogate. */
function hashOrNothing(entry: Registration): string | undefined {
  try {
    return hashRegistration(entry);
  } catch {
    return undefined;
  }
}

/**
 * Writes a chain of registrations, whole or not at all: what is there already and is whole stays, new ones follow. An
 * entry a line.
 *
 * @param genesis - what the first entry says
 * @param facts - what is to be added, in order
 * @returns how many entries the file has
 * @throws {ProvenanceError} `REGISTRATIONS_INVALID` for a file of another registry, or one that was changed
 */
export async function extendRegistrationFile(
  path: string,
  existing: readonly Registration[] | undefined,
  genesis: RegistrationFacts,
  facts: AsyncIterable<RegistrationFacts> | Iterable<RegistrationFacts>,
): Promise<number> {
  const kept = existing ?? [appendRegistration(genesis, undefined)];
  const [broken] = findBrokenLinks(kept);
  if (broken !== undefined) throw invalid(path, `entry ${broken.index} was changed: ${broken.fault}`);
  if (kept[0]?.hash !== appendRegistration(genesis, undefined).hash) {
    throw invalid(path, "it is about another registry or chain");
  }
  let last = kept.at(-1) as Registration;
  await replaceFileAtomically(path, async (file) => {
    await file.write("[\n");
    for (const entry of kept.slice(0, -1)) await file.write(`${JSON.stringify(entry)},\n`);
    await file.write(JSON.stringify(last));
    for await (const fact of facts) {
      last = appendRegistration(fact, last);
      await file.write(`,\n${JSON.stringify(last)}`);
    }
    await file.write("\n]\n");
  });
  return last.index + 1;
}

function invalid(path: string, fault: string, cause?: unknown): ProvenanceError {
  const text = `The chain of registrations ${path} is refused: ${fault}. Name another file, or restore this one.`;
  return new ProvenanceError("REGISTRATIONS_INVALID", text, { cause });
}
