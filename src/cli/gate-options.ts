import { READING_OPTIONS } from "./options/reading.ts";

/** Options of `gate serve`. */
export const GATE_SERVE_OPTIONS = [
  "modelPath",
  "tokenId",
  "upstream",
  "upstreamAuthorization",
  "publicUrl",
  "serveHost",
  "servePort",
  "sessionSeconds",
  "accessSeconds",
  "requestsPerMinute",
  "maxBodyMib",
  "auditLog",
  "trustedProxies",
  "registryAddress",
  "ignorePaths",
  "hfCache",
  "storePath",
  ...READING_OPTIONS,
  "format",
] as const;
