import { openIndexer } from "../registry/indexer/indexer-client.ts";
import type { Registry } from "../registry/registry.ts";
import type { OptionValues } from "./options.ts";

/** What turns off the indexer that the registries file names. */
export const NO_INDEXER = "none";

/**
 * Lets a registry be asked with the help of an indexer: the one that is named by the option, else the one of the registries
 * file. It never decides anything, so that it may be named anywhere.
 *
 * @param inFile - what the registries file names
 * @param warn - told once where it cannot be used
 */
export function withIndexer(
  registry: Registry,
  { indexerUrl }: OptionValues<"indexerUrl">,
  warn: (text: string) => void,
  inFile?: string,
): Registry {
  const url = indexerUrl ?? inFile;
  return url === undefined || url === NO_INDEXER ? registry : { ...registry, indexer: openIndexer(url, { warn }) };
}
