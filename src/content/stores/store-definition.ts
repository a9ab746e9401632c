import type { OptionDeclarations, ValuesOf } from "../../base/option.ts";
import type { ContentStore, StoreRole } from "../content-store.ts";

/** What a store is given when it is opened, beside its options. */
export interface StoreContext {
  /** A folder where uploads that are under way are noted; made when the first one is. */
  readonly uploads: string;
  /** Finds copies (`ar://…`) of what is pinned that somebody else may have made. */
  readonly findCopies: () => Promise<readonly string[]>;
  /** Told what a store pays. */
  readonly note: (text: string) => void;
  /** Told what a store leaves out. */
  readonly warn: (text: string) => void;
}

/** All that there is to say of a kind of store: the list of stores, options, help and `doctor` follow from it. */
export interface StoreDefinition<
  Name extends string = string,
  // Any: the values of one store's options are no other's.
  Options extends OptionDeclarations = any, // eslint-disable-line @typescript-eslint/no-explicit-any
  Gateway extends keyof Options & string = keyof Options & string,
> {
  /** What `STORE` calls it. */
  readonly name: Name;
  readonly role: StoreRole;
  /** True when others can fetch from it what was pinned. */
  readonly public: boolean;
  readonly options: Options;
  /** The option, where there is one, that names a gateway to read from what the store keeps. */
  readonly gateway?: Gateway;
  /** Loads what the store needs. @throws {ProvenanceError} `OPTION_MISSING`, `OPTION_INVALID` */
  readonly open: (values: ValuesOf<Options>, context: StoreContext) => Promise<ContentStore>;
  /** Asks the service whether it works as it is set up, and says what is worth to know. Errors as the store's own. */
  readonly doctor: (store: ContentStore) => Promise<string>;
  /** What is missing where a store cannot stand beside those alone; undefined where it can. */
  readonly lacks?: (others: readonly StoreDefinition[], values: ValuesOf<Options>) => string | undefined;
}

/** Defines a store; its options keep their types. */
export function defineStore<
  const Name extends string,
  Options extends OptionDeclarations,
  const Gateway extends keyof Options & string = never,
>(definition: StoreDefinition<Name, Options, Gateway>): StoreDefinition<Name, Options, Gateway> {
  return definition;
}

/** Asks a store for a block in which nothing is: that takes an address that is right and a key that is valid. */
export async function answers(store: ContentStore): Promise<string> {
  const { rawBlock } = await import("../cid.ts");
  await store.has(rawBlock(new Uint8Array()).cid);
  return "answers";
}
