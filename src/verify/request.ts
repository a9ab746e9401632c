import type { BlockSource } from "../content/content-store.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { DigestCache } from "../model/hashing/digest-cache.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import type { LfsPointerPolicy } from "../model/lfs-pointer.ts";
import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import type { Registry } from "../registry/registry.ts";
import type { StatedAgent } from "./agent/stated-agent.ts";
import type { Acceptance, SearchLimits, StatedCredential } from "./evidence.ts";

/** Input of `verifyModel`. */
export interface VerifyRequest {
  readonly modelPath: string;
  /** The registry to ask, or several, on any chains. */
  readonly registry: Registry | readonly Registry[];
  /** Why each of the registries that should be asked, too, cannot be: nothing is "not registered" then. */
  readonly unreachable?: readonly string[];
  /** Training data, to be compared with what was recorded of it. */
  readonly datasetPath?: string;
  /** Where metadata is read from; what it answers is checked against the chain. */
  readonly store: BlockSource;
  /** The token the model should be; it is found by the model's digest when left out. */
  readonly tokenId?: bigint;
  /** Whose records are accepted, and in which registries: the earliest of those is judged. */
  readonly acceptance?: Acceptance;
  /** Who is asked who is behind the creator; nobody when left out. */
  readonly publishers?: PublisherSources;
  /** A credential of this token, to be compared with what is recorded. */
  readonly credential?: StatedCredential;
  /** What an agent says it runs, to be compared with what is recorded. */
  readonly agent?: StatedAgent;
  /** How long searches may take that a stranger could make long. */
  readonly limits?: SearchLimits;
  readonly ignorePaths?: readonly string[];
  /** Compare the model's CID instead of the digests of its files, where the record names it and the token is known. */
  readonly fast?: boolean;
  /** Also compute the model's CID and compare it with the one that the record names. */
  readonly withCid?: boolean;
  /** Follow the links of a Hugging Face cache snapshot. */
  readonly hfCache?: boolean;
  /** Compare by Git LFS pointers instead of content; the report says so. */
  readonly lfsPointers?: LfsPointerPolicy;
  /** A model that lies elsewhere and was hashed there: nothing of it is on this machine. */
  readonly hashed?: HashedModel;
  /** Do not read files that it knows; the report says how many. */
  readonly cache?: DigestCache;
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/** The registries of a request, as a list. */
export function registriesOf({ registry }: Pick<VerifyRequest, "registry">): readonly Registry[] {
  return "contract" in registry ? [registry] : registry;
}
