import { text } from "./declare.ts";

/** Where content is kept. */
export const STORE_OPTIONS = {
  store: text("store", "STORE", "where to pin: local or kubo"),
  storePath: text("store-path", "STORE_PATH", "folder of the local store; else .model-provenance/store"),
} as const;
