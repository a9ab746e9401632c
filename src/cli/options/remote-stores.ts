import { invalid, listOf, option, readServiceUrl, secret, text, toggle } from "./declare.ts";

const WINSTON_DIGITS = 12;
const MAX_ORIGINS = 20;

/** Accounts at storage services, and where these are. */
export const REMOTE_STORE_OPTIONS = {
  kuboApiUrl: text("kubo-api", "KUBO_API_URL", "RPC of a Kubo node, a URL or a multiaddr; else http://127.0.0.1:5001"),
  kuboApiAuth: secret("kubo-api-auth", "KUBO_API_AUTH", "its authorization: bearer:TOKEN or basic:USER:PASSWORD"),
  pinataJwt: secret("pinata-jwt", "PINATA_JWT", "JWT of a Pinata key with the scopes Files: Write and Files: Read"),
  pinataGateway: option(
    "pinata-gateway",
    "PINATA_GATEWAY",
    "dedicated gateway of the Pinata account, to read from: a host, or a URL",
    readGateway,
  ),
  pinataApiUrl: option(
    "pinata-api",
    "PINATA_API_URL",
    "Pinata's API; else https://api.pinata.cloud/v3",
    readServiceUrl,
  ),
  pinataUploadUrl: option(
    "pinata-uploads",
    "PINATA_UPLOAD_URL",
    "Pinata's API for uploads; else https://uploads.pinata.cloud/v3",
    readServiceUrl,
  ),
  psaUrl: option(
    "psa",
    "PSA_URL",
    "endpoint of an IPFS pinning service (any vendor); /pins is below it",
    readServiceUrl,
  ),
  psaToken: secret("psa-token", "PSA_TOKEN", "access token of the pinning service"),
  psaOrigins: listOf(
    "psa-origins",
    "PSA_ORIGINS",
    "multiaddresses of nodes that have the content, comma-separated: the pinning service connects to them first",
    readOrigins,
  ),
  psaTimeout: option(
    "psa-timeout",
    "PSA_TIMEOUT",
    "how long the pinning service may take to fetch and pin, in seconds; else 600",
    readSeconds,
  ),
  psaElsewhere: toggle(
    "psa-elsewhere",
    "PSA_ELSEWHERE",
    "pin by the pinning service alone: another IPFS node provides the content already",
  ),
  arweaveKeyFile: text("arweave-key", "ARWEAVE_KEY_FILE", "file with the key of an Arweave wallet (JWK), which pays"),
  arweaveUrl: option("arweave", "ARWEAVE_URL", "node or gateway of Arweave; else https://arweave.net", readServiceUrl),
  arweaveMaxPrice: option(
    "arweave-max-price",
    "ARWEAVE_MAX_PRICE",
    "refuse to pay more than this for one block, in AR; else 0.1",
    readAr,
  ),
  s3Bucket: text("s3-bucket", "S3_BUCKET", "bucket that blocks are put into"),
  s3Endpoint: option("s3-endpoint", "S3_ENDPOINT", "S3 service; else AWS", readServiceUrl),
  s3Region: text("s3-region", "S3_REGION", "region of the bucket; else us-east-1"),
  s3AccessKeyId: secret("s3-access-key-id", "S3_ACCESS_KEY_ID", "access key; else AWS's own rules find one"),
  s3SecretAccessKey: secret("s3-secret-access-key", "S3_SECRET_ACCESS_KEY", "its secret"),
  s3Prefix: text("s3-prefix", "S3_PREFIX", "what the keys of blocks begin with; else ipfs/"),
} as const;

function readGateway(value: string, name: string): string {
  return readServiceUrl(value.includes("://") ? value : `https://${value}`, name).replace(/\/+$/, "");
}

function readOrigins(value: string, name: string): readonly string[] {
  const origins = value.split(",").map((part) => part.trim());
  const valid = origins.every(
    (origin) => /^\/[^\s]+\/p2p\/[A-Za-z0-9]+$/.test(origin) || /^\/p2p\/[A-Za-z0-9]+$/.test(origin),
  );
  if (valid && origins.length <= MAX_ORIGINS) return origins;
  return invalid(name, value, `at most ${MAX_ORIGINS} multiaddresses that end with /p2p/<peer id>, comma-separated`);
}

function readSeconds(value: string, name: string): number {
  return /^[1-9]\d{0,5}$/.test(value) ? Number(value) : invalid(name, value, "a number of seconds");
}

function readAr(value: string, name: string): bigint {
  const match = /^(\d{1,9})(?:\.(\d{1,12}))?$/.exec(value);
  if (match === null) return invalid(name, value, "an amount of AR, for example 0.01");
  return BigInt((match[1] as string) + (match[2] ?? "").padEnd(WINSTON_DIGITS, "0"));
}
