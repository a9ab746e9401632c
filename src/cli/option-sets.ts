import type { OptionName } from "./options.ts";
import { PINNING_OPTIONS, STORE_GATEWAYS } from "./options/pinning.ts";

export { PINNING_OPTIONS };

/** What every verb takes that reads a registry. */
export const READING_CHAIN_OPTIONS = [
  "registryAddress",
  "network",
  "chainId",
  "rpcUrl",
  "rpcTimeout",
] as const satisfies readonly OptionName[];

/** What every verb takes that signs for a registry. */
export const SENDING_CHAIN_OPTIONS = [
  ...READING_CHAIN_OPTIONS,
  "mintFrom",
  "keystorePath",
  "keystorePasswordFile",
  "dryRun",
  "yes",
] as const satisfies readonly OptionName[];

/** How transactions are sent and waited for. */
export const WAITING_OPTIONS = [
  "maxCost",
  "maxFee",
  "confirmations",
  "waitSeconds",
] as const satisfies readonly OptionName[];

/** The same for a verb that sends one, which a contract account may execute in its place. */
export const TRANSACTION_OPTIONS = [
  ...WAITING_OPTIONS,
  "calldataOut",
  "statePath",
] as const satisfies readonly OptionName[];

/** What is recorded of a model; of a list of models each entry may say it. */
export const RECORD_OPTIONS = [
  "datasetPath",
  "datasetCid",
  "ignorePaths",
  "hfCache",
  "withCid",
  "withModel",
  "omsBundle",
  "parents",
  "relation",
  "baseModels",
  "name",
  "description",
  "externalUrl",
  "version",
  "license",
  "framework",
  "task",
  "metrics",
  "imagePath",
  "royaltyBasisPoints",
  "royaltyReceiver",
  "publisher",
  "contributorsPath",
  "bomPath",
] as const satisfies readonly OptionName[];

/** What minting one model takes beside the model and the chain. */
export const MINT_OPTIONS = [
  ...RECORD_OPTIONS,
  "didOrigin",
  "mintTo",
  "claimFile",
  ...PINNING_OPTIONS,
  "gateways",
  "offline",
  "ownerSignatures",
  ...TRANSACTION_OPTIONS,
] as const satisfies readonly OptionName[];

/** Which gateways are asked. */
export const READING_OPTIONS = ["gateways", ...STORE_GATEWAYS, "offline"] as const satisfies readonly OptionName[];

/** Who is asked who is behind an account. */
export const NAMING_OPTIONS = [
  "publisherStatements",
  "ensRpcUrl",
  "didOrigin",
] as const satisfies readonly OptionName[];

/** Which Hub is asked, and as whom. */
export const HUB_OPTIONS = ["hubEndpoint", "hubToken"] as const satisfies readonly OptionName[];

/** What is offered to buyers of licences, and in which market. */
export const OFFER_OPTIONS = [
  "licensePrice",
  "licenseDuration",
  "licenseKind",
  "currency",
  "termsPath",
  "deadline",
  "licenseLimit",
  "endsWhenRevoked",
  "market",
] as const satisfies readonly OptionName[];
