import {
  type AddressBook,
  type PolicyFile,
  ProvenanceError,
  type PublisherSources,
  type Registry,
  createEnsReader,
  joinAddressBooks,
  rememberDocuments,
} from "model-provenance-nft/core";
import { fetchDid } from "../adapters/fetch-did.ts";
import { settings } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";

const MAINNET = 1n;

/**
 * Whom a verdict asks who is behind an account: the reader's own names and those of the policy; the web sites that the policy
 * names, and no other, for it would learn who looks; ENS where a registry of mainnet is asked anyway.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` where the reader and the policy call an account by different names
 */
export function publishersOf(registries: readonly Registry[], policy?: PolicyFile): PublisherSources {
  const book = bookWith(policy);
  const dids = new Set(policy?.policy.publishers?.names.filter((name) => name.startsWith("did:")));
  const mainnet = registries.find(({ chainId }) => chainId === MAINNET)?.provider;
  const fetchNamed = rememberDocuments(async (did, signal) => {
    if (dids.has(did.did)) return fetchDid(did, signal);
    throw new ProvenanceError("STORE_FAILED", STRINGS.policy.siteNotAsked);
  });
  return {
    book,
    ...(dids.size > 0 && { fetchDid: fetchNamed }),
    ...(mainnet && { readEns: createEnsReader(mainnet) }),
  };
}

/** What the reader and the policy call accounts. Errors as {@link publishersOf}. */
export function bookWith(policy?: PolicyFile): AddressBook {
  return joinAddressBooks([new Map(settings.value.publishers), policy?.policy.publishers?.book]);
}
