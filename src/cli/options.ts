import { ProvenanceError } from "../base/errors.ts";
import type { OptionDeclaration, OptionDeclarations } from "../base/option.ts";
import { STORES, STORE_OPTIONS } from "../content/stores/stores.ts";
import { ADMIN_OPTIONS } from "./options/admin.ts";
import { CHAIN_OPTIONS } from "./options/chain.ts";
import { EXPORT_OPTIONS } from "./options/export.ts";
import { GATE_OPTIONS } from "./options/gate.ts";
import { GATEWAY_OPTIONS } from "./options/gateways.ts";
import { IMPORT_OPTIONS } from "./options/import.ts";
import { LOCAL_STORE_OPTIONS } from "./options/local-store.ts";
import { MARKET_OPTIONS } from "./options/market.ts";
import { MODEL_OPTIONS } from "./options/model.ts";
import { OMS_OPTIONS } from "./options/oms.ts";
import { OUTPUT_OPTIONS } from "./options/output.ts";
import { PINNING } from "./options/pinning.ts";
import { PIPELINE_OPTIONS } from "./options/publish.ts";
import { PUBLISHER_OPTIONS } from "./options/publishers.ts";
import { RECORD_OPTIONS } from "./options/record.ts";
import { SETUP_OPTIONS } from "./options/setup.ts";
import { VERIFY_OPTIONS } from "./options/verify.ts";
import { type Settings, type ValueSource, type Variables, onlyEnvironment } from "./settings.ts";

/** Every option of every command. */
export const OPTIONS = {
  ...MODEL_OPTIONS,
  ...RECORD_OPTIONS,
  ...PUBLISHER_OPTIONS,
  ...CHAIN_OPTIONS,
  ...GATE_OPTIONS,
  ...PIPELINE_OPTIONS,
  ...ADMIN_OPTIONS,
  ...MARKET_OPTIONS,
  ...VERIFY_OPTIONS,
  ...PINNING,
  ...LOCAL_STORE_OPTIONS,
  ...STORE_OPTIONS,
  ...GATEWAY_OPTIONS,
  ...IMPORT_OPTIONS,
  ...EXPORT_OPTIONS,
  ...OMS_OPTIONS,
  ...OUTPUT_OPTIONS,
  ...SETUP_OPTIONS,
} as const;

/** Under which heading options stand in a help and in `.env.example`, in this order; `rare` where few need any of them. */
export const OPTION_TABLES: readonly { heading: string; rare?: boolean; options: OptionDeclarations }[] = [
  { heading: "The registry and its chain", options: CHAIN_OPTIONS },
  { heading: "The model", options: MODEL_OPTIONS },
  { heading: "What is recorded of it", options: RECORD_OPTIONS },
  { heading: "Who is behind an account", options: PUBLISHER_OPTIONS },
  { heading: "Checking", options: VERIFY_OPTIONS },
  { heading: "Sending", options: PIPELINE_OPTIONS },
  { heading: "Administration", options: ADMIN_OPTIONS },
  { heading: "Licences and revenue", options: MARKET_OPTIONS },
  { heading: "Models of the Hugging Face Hub", options: IMPORT_OPTIONS },
  { heading: "Exports", options: EXPORT_OPTIONS },
  { heading: "Signatures of OpenSSF Model Signing", options: OMS_OPTIONS },
  { heading: "The gate", options: GATE_OPTIONS },
  { heading: "Where content is pinned and read", options: { ...PINNING, ...GATEWAY_OPTIONS } },
  ...STORES.map(({ name, options }) => ({ heading: `The store ${name}`, rare: name !== "local", options })),
  { heading: "What the local store does", options: LOCAL_STORE_OPTIONS },
  { heading: "The answer", options: { ...OUTPUT_OPTIONS, ...SETUP_OPTIONS } },
];

/** Name of an option. */
export type OptionName = keyof typeof OPTIONS;
/** What an option's text becomes. */
export type OptionValue<Name extends OptionName> = ReturnType<(typeof OPTIONS)[Name]["parse"]>;
/** Values of some options; what was not given is absent. */
export type OptionValues<Name extends OptionName> = { readonly [Key in Name]?: OptionValue<Key> };
/** Values of all options that a verb takes. */
export type Options = OptionValues<OptionName>;

/** All that an option's declaration says. */
export function declarationOf(name: OptionName): OptionDeclaration<unknown> {
  return OPTIONS[name];
}

/** Where each value came from that was given. */
export type ValueSources = Readonly<Partial<Record<OptionName, ValueSource>>>;

/** What is known of values beside themselves. */
interface Origin {
  readonly sources: ValueSources;
  /** What was set when they were read. */
  readonly settings: Settings;
}

// Under a symbol, so that it goes where the values go, and is none of them.
const ORIGIN = Symbol("where values came from");

/** Notes with values where each came from. */
export function withOrigin<T extends Options>(
  values: T,
  sources: ValueSources,
  settings: Settings = onlyEnvironment({}),
): T {
  const origin: Origin = { sources, settings };
  return { ...values, [ORIGIN]: origin };
}

/** Where the values came from; empty where nobody noted it. */
export function sourcesOf(values: object): ValueSources {
  return (values as { [ORIGIN]?: Origin })[ORIGIN]?.sources ?? {};
}

/** What was set when the values were read, for variables that are no options; nothing where nobody noted it. */
export function settingsOf(values: object): Settings {
  return (values as { [ORIGIN]?: Origin })[ORIGIN]?.settings ?? onlyEnvironment({});
}

/** An option as a person gave it, for what is said of its value: its flag, or its variable. */
export function nameAsGiven(name: OptionName, source: ValueSource | undefined): string {
  const { flag, environment } = OPTIONS[name];
  if (source === "flag") return `--${flag}`;
  return source === ".env" ? `${environment} in .env` : environment;
}

/**
 * Reads options from the environment. An empty variable counts as not set.
 *
 * @param sourceOf - where a variable is from, for what is said of a value that is not taken
 * @throws {ProvenanceError} `OPTION_INVALID` with the name and what it takes
 */
export function readEnvironment<Name extends OptionName>(
  names: readonly Name[],
  environment: Variables,
  sourceOf: (variable: string) => ValueSource = () => "variable",
): OptionValues<Name> {
  const entries = names.flatMap((name) => {
    const declaration = declarationOf(name);
    const value = environment[declaration.environment]?.trim();
    return value ? [[name, declaration.parse(value, nameAsGiven(name, sourceOf(declaration.environment)))]] : [];
  });
  return Object.fromEntries(entries) as OptionValues<Name>;
}

/** The value of an option without which a command cannot run. @throws {ProvenanceError} `OPTION_MISSING` */
export function required<Name extends OptionName>(
  values: OptionValues<Name>,
  name: Name,
): NonNullable<OptionValue<Name>> {
  const value = values[name];
  if (value !== undefined && value !== null) return value;
  const { flag, environment, description, secret }: OptionDeclaration<unknown> = OPTIONS[name];
  const how = secret || !(ORIGIN in values) ? environment : `${environment} (--${flag})`;
  throw new ProvenanceError("OPTION_MISSING", `${how} is not set: ${description}.`);
}
