/** An account as an address book keys it, and what the reader calls it. */
export type NamedAccount = readonly [key: string, name: string];

/** A policy file that the reader chose. */
export interface KeptPolicy {
  /** Of the file. */
  readonly name: string;
  readonly text: string;
  /** What it asks for, as verdicts call it. */
  readonly rules: readonly string[];
}

const KEY = /^(eip155:[1-9]\d{0,31}:)?0x[0-9a-f]{40}$/;

/** Reads what was kept of names of accounts, leniently: what is none is left out. */
export function readNamedAccounts(kept: unknown): NamedAccount[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((entry: unknown): NamedAccount[] => {
    const [key, name] = Array.isArray(entry) ? (entry as unknown[]) : [];
    return typeof key === "string" && typeof name === "string" && KEY.test(key) ? [[key, name]] : [];
  });
}

/** Reads what was kept of a policy; undefined for what is none. */
export function readPolicySetting(kept: unknown): KeptPolicy | undefined {
  const { name, text, rules } = (kept ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || typeof text !== "string" || !Array.isArray(rules)) return undefined;
  return { name, text, rules: rules.filter((one): one is string => typeof one === "string") };
}
