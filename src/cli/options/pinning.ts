import type { OptionName } from "../options.ts";

/** Options of every command that pins: which stores, and what each needs. */
export const PINNING_OPTIONS = [
  "store",
  "storePath",
  "copyContent",
  "kuboApiUrl",
  "kuboApiAuth",
  "pinataJwt",
  "pinataGateway",
  "pinataApiUrl",
  "pinataUploadUrl",
  "psaUrl",
  "psaToken",
  "psaOrigins",
  "psaTimeout",
  "psaElsewhere",
  "arweaveKeyFile",
  "arweaveUrl",
  "arweaveMaxPrice",
  "s3Bucket",
  "s3Endpoint",
  "s3Region",
  "s3AccessKeyId",
  "s3SecretAccessKey",
  "s3Prefix",
] as const satisfies readonly OptionName[];
