import { STORE_GATEWAYS } from "./pinning.ts";

/** The options that say which gateways are asked. */
export const READING_OPTIONS = ["gateways", ...STORE_GATEWAYS, "offline"] as const;
