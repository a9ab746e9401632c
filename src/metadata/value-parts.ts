import { isRecord } from "../base/is-record.ts";

// Deeper, or longer, it is no reading for people: it stands as it is written.
const MAX_DEPTH = 4;
const MAX_MEMBERS = 100;

/** What a value consists of: members, with their names where they have some. */
export type ValueParts = readonly (readonly [name: string | undefined, value: unknown])[];

/**
 * A value of which nobody here knows what it is, as people read it: words where there is one line of them, else what it
 * consists of.
 *
 * @param depth - how many values it lies in
 */
export function toValueParts(value: unknown, depth = 0): string | ValueParts {
  if (Array.isArray(value) && value.length > 0 && value.every(isWord)) return value.map(String).join(", ");
  const members: ValueParts | undefined = Array.isArray(value)
    ? value.map((member: unknown) => [undefined, member] as const)
    : isRecord(value)
      ? Object.entries(value)
      : undefined;
  if (members?.length === 0) return "none";
  if (members !== undefined && members.length <= MAX_MEMBERS && depth < MAX_DEPTH) return members;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isWord(value: unknown): value is string | number | boolean {
  return typeof value !== "object" && !(typeof value === "string" && value.includes("\n"));
}
