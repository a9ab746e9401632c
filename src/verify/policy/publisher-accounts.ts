import { ProvenanceError } from "../../base/errors.ts";
import { readDidDocument } from "../../metadata/did-document.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";
import { type PublisherSources, bookKey } from "../../registry/publishers/publisher-sources.ts";
import type { AcceptedPublishers } from "./policy.ts";

/**
 * Finds the accounts of the publishers that a policy accepts, so that of several records of a model one of theirs is judged: by
 * the address book, and by what the documents of their DIDs list. It is the one direction; the other is checked with the record.
 *
 * @returns keys of an address book; undefined where the accounts of one of them are not known: then nothing can be chosen by them
 */
export async function findPublisherAccounts(
  { names }: AcceptedPublishers,
  { book = new Map(), fetchDid }: PublisherSources,
  signal?: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const lists = await Promise.all(
    names.map(async (name) => {
      const did = parseDidWeb(name);
      if (did === undefined) return [...book].flatMap(([key, called]) => (called === name ? [key] : []));
      if (fetchDid === undefined) return [];
      try {
        const { bytes } = await fetchDid(did, signal);
        return readDidDocument(bytes, name).map(({ account, chainId }) => bookKey(account, chainId));
      } catch (error) {
        if (!(error instanceof ProvenanceError)) throw error;
        return [];
      }
    }),
  );
  return lists.every((list) => list.length > 0) ? new Set(lists.flat()) : undefined;
}
