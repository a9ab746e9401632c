import { LocalStore } from "../content/stores/local-store.ts";
import type { OptionValues } from "./options.ts";

/** Where the local store is unless it was said. */
export const DEFAULT_STORE_PATH = ".model-provenance/store";

/** Opens the store on this machine; it is made when something is pinned. */
export function openLocalStore({ storePath, copyContent }: OptionValues<"storePath" | "copyContent">): LocalStore {
  return new LocalStore(storePath ?? DEFAULT_STORE_PATH, { copy: copyContent ?? false });
}
