import { text } from "./declare.ts";

/** A Kubo node, or a service that speaks its RPC. */
export const KUBO_OPTIONS = {
  kuboApiUrl: text(
    "kubo-api",
    "KUBO_API_URL",
    "the node's RPC: a URL or a multiaddr; http://127.0.0.1:5001 unless given",
  ),
  kuboApiAuth: text(
    "kubo-api-auth",
    "KUBO_API_AUTH",
    "bearer:TOKEN or basic:USER:PASSWORD; better in the environment, since others see a command's flags",
  ),
} as const;
