import { join } from "node:path";
import { ProvenanceError } from "../../base/errors.ts";
import type { ValuesOf } from "../../base/option.ts";
import type { ContentStore } from "../content-store.ts";
import { DEFAULT_STORE_PATH } from "./local/local.ts";
import { MultiStore } from "./multi-store.ts";
import type { StoreContext, StoreDefinition } from "./store-definition.ts";
import { STORES, type STORE_OPTIONS, type StoreName } from "./stores.ts";

/** What the stores' options were given. */
export type StoreValues = ValuesOf<typeof STORE_OPTIONS>;

/** A store that was opened, with what there is to say of its kind. */
export interface OpenedStore {
  readonly definition: StoreDefinition;
  readonly store: ContentStore;
}

/**
 * Opens the stores of a list.
 *
 * @param context - but for the folder of uploads, which is in the local store's, so that one path says where this
 *   machine keeps things
 * @throws {ProvenanceError} `OPTION_MISSING`, `OPTION_INVALID` for what a store needs, and for stores that cannot stand
 *   alone
 */
export async function openStores(
  names: readonly StoreName[],
  values: StoreValues,
  context: Omit<StoreContext, "uploads">,
): Promise<OpenedStore[]> {
  const uploads = join(values.storePath ?? DEFAULT_STORE_PATH, "uploads");
  const opened: OpenedStore[] = [];
  for (const name of names) {
    const definition = STORES.find((store) => store.name === name) as StoreDefinition;
    opened.push({ definition, store: await definition.open(values, { uploads, ...context }) });
  }
  const definitions = opened.map(({ definition }) => definition);
  for (const definition of definitions) {
    const lack = definition.lacks?.(
      definitions.filter((other) => other !== definition),
      values,
    );
    if (lack !== undefined) throw new ProvenanceError("OPTION_INVALID", lack);
  }
  return opened;
}

/** Several stores as one. */
export function joinStores(opened: readonly OpenedStore[]): ContentStore {
  const stores = opened.map(({ store }) => store);
  return stores.length === 1 ? (stores[0] as ContentStore) : new MultiStore(stores);
}
