import { everyday, invalid, listOf, splitList } from "../../base/option.ts";
import { STORES, STORE_NAMES, STORE_OPTIONS, type StoreName } from "../../content/stores/stores.ts";

/** Where content is kept. */
export const PINNING = {
  store: everyday(
    {
      ...listOf(
        "store",
        "STORE",
        `where to pin: one of ${STORE_NAMES.join(", ")}, or several, comma-separated: all must confirm`,
        readStores,
      ),
      choices: STORE_NAMES,
    },
    "pinata",
  ),
} as const;

type StoreOption = keyof typeof STORE_OPTIONS;

/** Options of every command that pins: which stores, and what each needs. */
export const PINNING_OPTIONS: readonly ("store" | StoreOption)[] = [
  "store",
  ...(Object.keys(STORE_OPTIONS) as StoreOption[]),
];
/** Options that name a gateway of an account at a store, to read from. */
export const STORE_GATEWAYS = STORES.flatMap(({ gateway }) => gateway ?? []);

function readStores(value: string, name: string): readonly StoreName[] {
  const names = [...new Set(splitList(value))];
  const known = names.filter((part): part is StoreName => STORE_NAMES.some((store) => store === part));
  if (known.length > 0 && known.length === names.length) return known;
  return invalid(name, value, `one or several of ${STORE_NAMES.join(", ")}, comma-separated`);
}
