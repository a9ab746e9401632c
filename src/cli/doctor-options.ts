import { PINNING_OPTIONS } from "./options/pinning.ts";

/** Options of `doctor`: where everything is. */
export const DOCTOR_OPTIONS = [
  "registryAddress",
  "registriesFile",
  "chainId",
  "rpcUrl",
  "mintFrom",
  "keystorePath",
  ...PINNING_OPTIONS,
  "gateways",
  "offline",
  "format",
] as const;
