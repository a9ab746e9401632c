import { list, text, toggle } from "../../base/option.ts";

/** From whom content is read that the local store does not hold, and where it goes. */
export const GATEWAY_OPTIONS = {
  gateways: list(
    "gateway",
    "IPFS_GATEWAYS",
    "IPFS gateways to read from, the first one first, https://host; else public ones, on a public chain",
  ),
  offline: toggle("offline", "OFFLINE", "ask no gateway: read from the local store alone"),
  keepFetched: toggle(
    "keep-fetched",
    "KEEP_FETCHED",
    "keep what gateways answered in the local store, up to 64 MiB a run",
  ),
  fetchPath: text("into", "FETCH_PATH", "the folder that the fetched model becomes; a new one, or empty"),
} as const;
