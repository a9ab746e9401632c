import { createHash } from "node:crypto";
import type { Hex } from "../base/hex.ts";
import { canonicalJson } from "../metadata/canonical-json.ts";
import type { Metadata } from "../metadata/schema.ts";
import { rawCidOfDigest, toIpfsUri } from "../content/cid.ts";
import { toColumns } from "./columns.ts";
import { readHubExtension } from "./hub-extension.ts";

/** Where the chain holds a registration. */
export interface RegistrationPlace {
  /** Null for the first entry, which no transaction made. */
  readonly hash: string | null;
  readonly blockNumber: number;
  readonly blockHash: string;
}

/**
 * One entry of the chain of registrations. The five keys of the proof of concept that this continues keep their names.
 * `hash` is SHA-256, 64 hex digits, of the entry's canonical JSON without `hash`.
 */
export interface Registration {
  readonly index: number;
  /** Of its block: ISO 8601. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Of the entry before; "0" for the first one. */
  readonly previous_hash: string;
  readonly hash: string;
  readonly transaction: RegistrationPlace;
}

/** How a model is recorded: as a token, or in a batch. */
export type RecordedAs =
  { readonly type: "token" } | { readonly type: "batch"; readonly root: Hex; readonly contentDigest: Hex };

/** A registration as chain and store say it: everything but its place in the file. */
export type RegistrationFacts = Pick<Registration, "timestamp" | "data" | "transaction">;

/** What stands before the first entry. */
export const NO_PREVIOUS = "0";

/** Adds an entry after another; the first one has none before it. */
export function appendRegistration(facts: RegistrationFacts, previous: Registration | undefined): Registration {
  const entry = {
    index: previous === undefined ? 0 : previous.index + 1,
    timestamp: facts.timestamp,
    data: facts.data,
    previous_hash: previous?.hash ?? NO_PREVIOUS,
    transaction: facts.transaction,
  };
  return { ...entry, hash: hashRegistration(entry) };
}

/** SHA-256 of the canonical JSON of an entry without its hash. @see RFC 8785 */
export function hashRegistration(entry: Omit<Registration, "hash">): string {
  const { hash: _, ...rest } = entry as Partial<Registration>;
  return createHash("sha256").update(canonicalJson(rest)).digest("hex");
}

/** What the first entry says: which registry the file is about. */
export function genesisData(registry: string): Registration["data"] {
  return { schemaVersion: "1.0", registry };
}

/**
 * Says what an entry says of a model: the seven columns first, then what is recorded. All of it follows from the metadata,
 * whose digest is on the chain, so that a change of any of it can be found.
 *
 * @returns undefined for metadata of no model of the Hub
 */
export function registrationData(
  metadata: Metadata,
  metadataDigest: Hex,
  creator: string,
  record: RecordedAs,
): Registration["data"] | undefined {
  const hub = readHubExtension(metadata);
  if (hub === undefined) return undefined;
  const { provenance } = metadata;
  const { modelDigest, manifestRoot, weightsDigest, license, parameters, datasets, metrics } = provenance;
  const data = {
    ...toColumns(hub),
    revision: hub.revision,
    modality: hub.modality,
    library: hub.library,
    license,
    parameters,
    datasets,
    metrics,
    parents: provenance.parents,
    baseModels: provenance.baseModels,
    modelDigest,
    manifestRoot,
    weightsDigest,
    metadata: toIpfsUri(rawCidOfDigest(metadataDigest)),
    creator,
    record,
  };
  return JSON.parse(JSON.stringify(data)) as Registration["data"];
}
