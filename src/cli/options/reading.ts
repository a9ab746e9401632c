import type { OptionName } from "../options.ts";

/** The options that say which gateways are asked. */
export const READING_OPTIONS = ["gateways", "pinataGateway", "offline"] as const satisfies readonly OptionName[];
