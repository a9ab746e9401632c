import { expect } from "chai";
import { ArweaveStore, type ArweaveStoreOptions } from "../../src/content/stores/arweave/arweave-store.ts";
import { UploadJournal } from "../../src/content/stores/upload-journal.ts";
import { arweaveAddress, type FakeArweave, startArweave } from "./servers/arweave.ts";
import { makeArweaveKey } from "./arweave-key.ts";
import { singleBlock } from "./dags.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

export const ONE_AR = 10n ** 12n;
export const POST = "POST /tx";

/** An Arweave node for each test, a wallet that owns 1 AR, and stores that write down what they say. */
export function useArweave(temporary: TemporaryFolder) {
  const key = makeArweaveKey();
  const address = arweaveAddress(key.n);
  const notes: string[] = [];
  const warnings: string[] = [];
  let node: FakeArweave;

  beforeEach(async function () {
    node = await startArweave();
    node.balances.set(address, ONE_AR);
    notes.length = 0;
    warnings.length = 0;
  });

  afterEach(async function () {
    await node.close();
  });

  const open = (options: Partial<ArweaveStoreOptions> = {}) =>
    new ArweaveStore({
      key,
      url: node.url,
      journal: new UploadJournal(temporary.path("uploads")),
      wait: async () => undefined,
      note: (text) => notes.push(text),
      warn: (text) => warnings.push(text),
      ...options,
    });
  return {
    key,
    address,
    notes,
    warnings,
    small: singleBlock(),
    /** Of several parts. */
    large: singleBlock(`{"text":"${"0123456789".repeat(70_000)}"}`),
    node: () => node,
    open,
    /** The id of the one transaction there is. */
    onlyId: () => {
      expect(node.transactions.size).to.equal(1);
      return [...node.transactions.keys()][0] as string;
    },
    posts: () => node.routes().filter((route) => route === POST),
    spent: () => ONE_AR - (node.balances.get(address) ?? 0n),
  };
}
