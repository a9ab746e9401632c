import { invalid, option, text } from "../../base/option.ts";

/** What is done to the local store. */
export const LOCAL_STORE_OPTIONS = {
  root: text("root", "ROOT_CID", "the CID of what is pinned, also as ipfs://…"),
  carPath: text("car", "CAR_PATH", "an archive of blocks (CAR)"),
  serveHost: text("host", "SERVE_HOST", "the address to listen on; this machine alone (127.0.0.1) unless given"),
  servePort: option("port", "SERVE_PORT", "the port to listen on; 8080 unless given, 0 for any that is free", readPort),
} as const;

function readPort(value: string, name: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  return invalid(name, value, "a port from 0 to 65535");
}
