import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Anvil, type AnvilOptions, findAnvil, startAnvil } from "./anvil.ts";
import { type Indexer, isIndexerInstalled, startIndexer } from "./indexer.ts";
import { type Postgres, findPostgres, startPostgres } from "./postgres.ts";

/**
 * A chain and PostgreSQL for the tests of a suite, and indexers that end with it; the suite is skipped where what it takes is
 * not installed.
 */
export function useIndexing(options: AnvilOptions = {}) {
  const indexers: Indexer[] = [];
  let folder: string | undefined;
  let anvil: Anvil | undefined;
  let postgres: Postgres | undefined;

  before(async function () {
    const [node, programs] = [findAnvil(), findPostgres()];
    if (node === undefined || programs === undefined || !isIndexerInstalled()) {
      console.log("      skipped: it takes anvil, PostgreSQL 15 and the indexer's packages (.ci/install-peers)");
      return this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), "model-provenance-indexer-"));
    [anvil, postgres] = await Promise.all([startAnvil(node, options), startPostgres(programs)]);
  });

  after(async function () {
    await Promise.all(indexers.map(async (indexer) => indexer.close()));
    await Promise.all([anvil?.close(), postgres?.close()]);
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  return {
    anvil: () => anvil as Anvil,
    postgres: () => postgres as Postgres,
    pathOf: (name: string) => join(folder as string, name),
    /** As {@link startIndexer}. */
    start: async (...args: Parameters<typeof startIndexer>): Promise<Indexer> => {
      const indexer = await startIndexer(...args);
      indexers.push(indexer);
      return indexer;
    },
  };
}
