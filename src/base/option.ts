import { ProvenanceError } from "./errors.ts";
import type { Hex } from "./hex.ts";
import { parseAddress } from "./address.ts";

/** One option: a flag of the command line and its twin in the environment, declared once. */
export interface OptionDeclaration<T> {
  readonly flag: string;
  readonly environment: string;
  readonly description: string;
  /** How the flag is written: with a value, alone, or several times (comma-separated in the environment). */
  readonly kind: "value" | "switch" | "list";
  readonly parse: (text: string, name: string) => T;
  /** The words it takes, where it takes one of a few. */
  readonly choices?: readonly string[];
  /** Shown before the others in a help, or only where all are asked for. */
  readonly rank?: "everyday" | "rare";
  /** A value as people set it once for all, for `.env.example`. */
  readonly example?: string;
  /** From the environment alone: a command line can be read by every process of the machine. */
  readonly secret?: true;
}

/** Options by the names that values of theirs have. */
export type OptionDeclarations = Readonly<Record<string, OptionDeclaration<unknown>>>;
/** What some options were given; what was not is absent. */
export type ValuesOf<Options extends OptionDeclarations> = {
  readonly [Name in keyof Options]?: ReturnType<Options[Name]["parse"]>;
};

/** An option that takes a value. */
export function option<T>(
  flag: string,
  environment: string,
  description: string,
  parse: OptionDeclaration<T>["parse"],
): OptionDeclaration<T> {
  return { flag, environment, description, kind: "value", parse };
}

/** An option whose value is taken as it is. */
export function text(flag: string, environment: string, description: string): OptionDeclaration<string> {
  return option(flag, environment, description, (value) => value);
}

/** An option that is taken from the environment alone. */
export function secret(flag: string, environment: string, description: string): OptionDeclaration<string> {
  return { ...text(flag, environment, description), secret: true };
}

/** An option that takes one of a few words. */
export function choice<const Word extends string>(
  flag: string,
  environment: string,
  description: string,
  choices: readonly Word[],
): OptionDeclaration<Word> {
  const parse = (value: string, name: string) =>
    choices.find((word) => word === value) ?? invalid(name, value, `one of ${choices.join(", ")}`);
  return { ...option(flag, environment, description, parse), choices };
}

/** An option that may be given several times: that is the same as once, with commas between. */
export function list(flag: string, environment: string, description: string): OptionDeclaration<string[]> {
  return listOf(flag, environment, description, splitList);
}

/** A list whose text becomes something else. */
export function listOf<T>(
  flag: string,
  environment: string,
  description: string,
  parse: OptionDeclaration<T>["parse"],
): OptionDeclaration<T> {
  return { flag, environment, description, kind: "list", parse };
}

/** Marks an option that most people need. @param example - where it is set once for all rather than typed */
export function everyday<T>(declaration: OptionDeclaration<T>, example?: string): OptionDeclaration<T> {
  return { ...declaration, rank: "everyday", ...(example !== undefined && { example }) };
}

/** Marks an option that few people need. */
export function rare<T>(declaration: OptionDeclaration<T>): OptionDeclaration<T> {
  return { ...declaration, rank: "rare" };
}

/** An option that is on or off. */
export function toggle(flag: string, environment: string, description: string): OptionDeclaration<boolean> {
  return { flag, environment, description, kind: "switch", parse: readSwitch };
}

/** Cuts a comma-separated list; empty parts are left out. A comma that belongs to a part has a backslash before it. */
export function splitList(value: string): string[] {
  return value
    .split(/(?<!\\),/)
    .map((part) => part.trim().replaceAll("\\,", ","))
    .filter((part) => part !== "");
}

/** Reads 1 or 0, and the words people use for them. */
export function readSwitch(value: string, name: string): boolean {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  return invalid(name, value, "1 or 0");
}

/** Reads a whole number in a range. */
export function readWhole(least: number, most: number): (value: string, name: string) => number {
  return (value, name) => {
    const number = Number(value);
    if (/^\d{1,15}$/.test(value) && number >= least && number <= most) return number;
    return invalid(name, value, `a whole number from ${least} to ${most}`);
  };
}

/** Reads an address of an account. */
export function readAddress(value: string, name: string): string {
  return parseAddress(value) ?? invalid(name, value, "an address: 0x and 40 hex digits, with a right checksum if any");
}

/** Reads an http(s) URL; it may hold a key, so that it is not shown. */
export function readUrl(value: string, name: string): string {
  if (URL.canParse(value) && /^https?:/.test(value)) return value;
  return invalid(name, "(not shown)", "a URL, https://…");
}

/** Reads the URL of a service that takes its key by itself: one in the URL would be refused, and shown. */
export function readServiceUrl(value: string, name: string): string {
  const { username, password } = new URL(readUrl(value, name));
  if (username === "" && password === "") return value;
  return invalid(name, "(not shown)", "a URL without a user or a password in it");
}

/** Reads 0x-hex of 32 bytes. */
export function readDigest(value: string, name: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(value)) return value.toLowerCase() as Hex;
  return invalid(name, value, "0x and 64 hex digits");
}

/** The value of an option that is needed. @throws {ProvenanceError} `OPTION_MISSING` with its variable, and what it means */
export function requireValue<T>(
  { environment, description }: OptionDeclaration<T>,
  value: T | undefined,
): NonNullable<T> {
  if (value !== undefined && value !== null) return value;
  throw new ProvenanceError("OPTION_MISSING", `${environment} is not set: ${description}.`);
}

/** Refuses a value. @throws {ProvenanceError} `OPTION_INVALID` with the name and what it takes */
export function invalid(name: string, value: string, takes: string): never {
  throw new ProvenanceError("OPTION_INVALID", `${name} takes ${takes}, got ${JSON.stringify(value)}.`);
}
