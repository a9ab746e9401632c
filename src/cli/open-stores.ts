import { ProvenanceError } from "../base/errors.ts";
import type { ContentStore } from "../content/content-store.ts";
import { DEFAULT_STORE_PATH } from "../content/stores/local/local.ts";
import { LocalStore } from "../content/stores/local/local-store.ts";
import { type OpenedStore, joinStores, openStores } from "../content/stores/open-stores.ts";
import { readClaim } from "../model/claim.ts";
import { isLocalChain } from "./chain-connection.ts";
import type { OptionValues } from "./options.ts";
import type { PINNING_OPTIONS } from "./options/pinning.ts";
import type { Terminal } from "./terminal.ts";

/** What says where to pin. */
export type PinningOptions = OptionValues<(typeof PINNING_OPTIONS)[number] | "modelPath">;
type StoreMessages = Pick<Terminal, "note" | "warn">;

/** The store on this machine; it is made when something is pinned. */
export function openLocalStore({ storePath, copyContent }: OptionValues<"storePath" | "copyContent">): LocalStore {
  return new LocalStore(storePath ?? DEFAULT_STORE_PATH, { copy: copyContent ?? false });
}

/**
 * The store that metadata is pinned to: one, or several as one. On a public chain the local store must be asked for by
 * name, for nobody else could fetch from it.
 *
 * @param messages - where a store says what it pays, and what it leaves out
 * @throws {ProvenanceError} `STORE_NOT_PUBLIC`, `OPTION_MISSING` for what a store needs, `OPTION_INVALID` for stores
 *   that cannot stand alone
 */
export async function openPinningStore(
  options: PinningOptions,
  chainId: bigint,
  messages: StoreMessages,
): Promise<ContentStore> {
  const opened = await openNamedStores(options, chainId, messages);
  if (!isLocalChain(chainId) && !opened.some(({ definition: { role, public: found } }) => found && role !== "copy")) {
    const names = opened.map(({ definition }) => definition.name).join(" and ");
    messages.warn(
      `The chain is public, and nobody finds on IPFS what is pinned in ${names} alone: see to it that others can.`,
    );
  }
  return joinStores(opened);
}

/** The stores of {@link openPinningStore}, each for itself. */
export async function openNamedStores(
  options: PinningOptions,
  chainId: bigint,
  { note, warn }: StoreMessages,
): Promise<OpenedStore[]> {
  const { store: names = ["local"], modelPath } = options;
  if (options.store === undefined && !isLocalChain(chainId)) {
    throw new ProvenanceError(
      "STORE_NOT_PUBLIC",
      "The local store is on this machine only: nobody could fetch the metadata of a token on a public chain. " +
        "Set STORE=pinata or another, or STORE=local to pin there all the same, and publish the folder by other means.",
    );
  }
  // A model that was minted elsewhere brings a claim that names its copies: the bytes are checked.
  const findCopies = async () => (modelPath && (await readClaim(modelPath, "folder"))?.metadataCopies) || [];
  return openStores(names, options, { findCopies, note, warn });
}
