import { arweave } from "./arweave/arweave.ts";
import { kubo } from "./kubo/kubo.ts";
import { local } from "./local/local.ts";
import { pinata } from "./pinata/pinata.ts";
import { psa } from "./psa/psa.ts";
import { s3 } from "./s3/s3.ts";

/** Every store that content can be pinned to. Options, help, `STORE` and `doctor` follow from this list. */
export const STORES = [local, kubo, pinata, psa, arweave, s3] as const;

type Definition = (typeof STORES)[number];
type Joined<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Options = Joined<Definition["options"]>;

/** What `STORE` calls one of {@link STORES}. */
export type StoreName = Definition["name"];
/** The names that `STORE` takes. */
export const STORE_NAMES: readonly StoreName[] = STORES.map(({ name }) => name);
/** The options of all stores. */
export const STORE_OPTIONS = Object.assign({}, ...STORES.map(({ options }) => options)) as {
  readonly [Name in keyof Options]: Options[Name];
};
