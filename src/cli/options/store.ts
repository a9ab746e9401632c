import { everyday, invalid, listOf, splitList, text } from "./declare.ts";

/** Stores that content can be pinned to. */
export const STORE_NAMES = ["local", "kubo", "pinata", "psa", "arweave", "s3"] as const;
/** One of {@link STORE_NAMES}. */
export type StoreName = (typeof STORE_NAMES)[number];

/** Where content is kept. */
export const STORE_OPTIONS = {
  store: everyday({
    ...listOf(
      "store",
      "STORE",
      `where to pin: one of ${STORE_NAMES.join(", ")}, or several, comma-separated: all must confirm`,
      readStores,
    ),
    choices: STORE_NAMES,
  }),
  storePath: text("store-path", "STORE_PATH", "folder of the local store; else .model-provenance/store"),
} as const;

function readStores(value: string, name: string): readonly StoreName[] {
  const names = [...new Set(splitList(value))];
  const known = names.filter((part): part is StoreName => STORE_NAMES.some((store) => store === part));
  if (known.length > 0 && known.length === names.length) return known;
  return invalid(name, value, `one or several of ${STORE_NAMES.join(", ")}, comma-separated`);
}
