import { type OptionDeclaration, requireValue } from "../base/option.ts";
import { STORE_OPTIONS } from "../content/stores/stores.ts";
import { ADMIN_OPTIONS } from "./options/admin.ts";
import { CHAIN_OPTIONS } from "./options/chain.ts";
import { GATE_OPTIONS } from "./options/gate.ts";
import { GATEWAY_OPTIONS } from "./options/gateways.ts";
import { IMPORT_OPTIONS } from "./options/import.ts";
import { LOCAL_STORE_OPTIONS } from "./options/local-store.ts";
import { MODEL_OPTIONS } from "./options/model.ts";
import { OMS_OPTIONS } from "./options/oms.ts";
import { OUTPUT_OPTIONS } from "./options/output.ts";
import { PINNING } from "./options/pinning.ts";
import { PIPELINE_OPTIONS } from "./options/publish.ts";
import { RECORD_OPTIONS } from "./options/record.ts";
import { SETUP_OPTIONS } from "./options/setup.ts";
import { VERIFY_OPTIONS } from "./options/verify.ts";

/** Every option of every command. */
export const OPTIONS = {
  ...MODEL_OPTIONS,
  ...RECORD_OPTIONS,
  ...CHAIN_OPTIONS,
  ...GATE_OPTIONS,
  ...PIPELINE_OPTIONS,
  ...ADMIN_OPTIONS,
  ...VERIFY_OPTIONS,
  ...PINNING,
  ...LOCAL_STORE_OPTIONS,
  ...STORE_OPTIONS,
  ...GATEWAY_OPTIONS,
  ...IMPORT_OPTIONS,
  ...OMS_OPTIONS,
  ...OUTPUT_OPTIONS,
  ...SETUP_OPTIONS,
} as const;

/** Name of an option. */
export type OptionName = keyof typeof OPTIONS;
/** What an option's text becomes. */
export type OptionValue<Name extends OptionName> = ReturnType<(typeof OPTIONS)[Name]["parse"]>;
/** Values of some options; what was not given is absent. */
export type OptionValues<Name extends OptionName> = { readonly [Key in Name]?: OptionValue<Key> };

/**
 * Reads options from the environment. An empty variable counts as not set.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` with the name and what it takes
 */
export function readEnvironment<Name extends OptionName>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionValues<Name> {
  const entries = names.flatMap((name) => {
    const declaration: OptionDeclaration<unknown> = OPTIONS[name];
    const value = environment[declaration.environment]?.trim();
    return value ? [[name, declaration.parse(value, declaration.environment)]] : [];
  });
  return Object.fromEntries(entries) as OptionValues<Name>;
}

/** The value of an option without which a command cannot run. @throws {ProvenanceError} `OPTION_MISSING` */
export function required<Name extends OptionName>(
  values: OptionValues<Name>,
  name: Name,
): NonNullable<OptionValue<Name>> {
  return requireValue<unknown>(OPTIONS[name], values[name]) as NonNullable<OptionValue<Name>>;
}
