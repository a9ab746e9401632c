import { readFile, readdir } from "node:fs/promises";
import { inspect } from "node:util";
import { expect } from "chai";
import { parseArweaveKey } from "../../../../src/content/stores/arweave/arweave-key.ts";
import { UploadJournal } from "../../../../src/content/stores/upload-journal.ts";
import { makeArweaveKey } from "../../../helpers/arweave-key.ts";
import { manyBlocks } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { type FakeArweave, arweaveAddress } from "../../../helpers/servers/arweave.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { ONE_AR, useArweave } from "../../../helpers/use-arweave.ts";

describe("ArweaveStore", function () {
  const temporary = useTemporaryFolder();
  const arweave = useArweave(temporary);
  const { key, address, notes, warnings, large, open, onlyId, posts, spent } = arweave;
  const { root, blocks } = arweave.small;
  let node: FakeArweave;

  beforeEach(function () {
    node = arweave.node();
  });

  const messageOf = async (action: () => Promise<unknown>) =>
    action().then(
      () => "no error",
      (error: Error) => error.message,
    );

  it("is called arweave, and is a copy beside other stores", function () {
    expect(open()).to.include({ name: "arweave", public: true, role: "copy" });
  });

  for (const [what, dag] of [
    ["a block of one part", { root, blocks }],
    ["a block of several parts", large],
  ] as const) {
    it(`keeps ${what} as a transaction with its CID, and reads it back, checked`, async function () {
      const store = open();
      await store.pin(dag.root, dag.blocks);
      node.mine();
      const id = onlyId();
      expect(node.tagsOf(id)).to.deep.equal({
        "Content-Type": "application/json",
        "IPFS-Add": dag.root.toString(),
        "App-Name": "model-provenance-nft",
      });
      expect(store.copiesOf(dag.root)).to.deep.equal([`ar://${id}`]);
      expect(spent()).to.equal(1000n * BigInt(dag.blocks[0]?.bytes.length ?? 0));
      for (const reader of [store, open()]) {
        const bytes = await reader.get(dag.root);
        expect(Buffer.from(bytes).equals(dag.blocks[0]?.bytes as Uint8Array)).to.equal(true);
      }
    });
  }

  it("pays nothing for what a claim says is there, once that is mined and holds these bytes", async function () {
    await open().pin(root, blocks);
    const copies = [`ar://${"x".repeat(43)}`, `ar://${onlyId()}`];
    const other = makeArweaveKey();
    node.balances.set(arweaveAddress(other.n), ONE_AR);
    const elsewhere = (name: string) =>
      open({ key: other, journal: new UploadJournal(temporary.path(name)), findCopies: async () => copies });
    node.mine();
    const store = elsewhere("claimed");
    expect(await store.quote(blocks)).to.deep.equal(["arweave: nothing to pay, all of it is there"]);
    await store.pin(root, blocks);
    expect(store.copiesOf(root)).to.deep.equal([copies[1]]);
    expect(posts()).to.have.length(1);
    await elsewhere("claimed").pin(large.root, large.blocks); // which the claim does not name
    expect(posts()).to.have.length(2);
  });

  it("says what it pays, from which address, and which transaction it sent", async function () {
    await open().pin(root, blocks);
    expect(blocks[0]?.bytes.length).to.equal(18);
    expect(notes[0]).to.equal(`arweave: 0.000000018 AR from ${address}, which owns 1 AR`);
    expect(notes[1]).to.include(`ar://${onlyId()}`);
  });

  it("says before what it would cost, once for what is there already", async function () {
    const bytes = BigInt(blocks[0]?.bytes.length ?? 0) + BigInt(large.blocks[0]?.bytes.length ?? 0);
    const quoted = await open().quote([...blocks, ...large.blocks]);
    const digits = (1000n * bytes).toString().padStart(12, "0").replace(/0+$/, "");
    expect(quoted).to.deep.equal([`arweave: 0.${digits} AR for ever, from ${address}, which owns 1 AR`]);
    await open().pin(root, blocks);
    expect(await open().quote(blocks)).to.deep.equal(["arweave: nothing to pay, all of it is there"]);
  });

  it("refuses before anything is sent when the wallet is empty", async function () {
    node.balances.set(address, 10n);
    for (const action of [async () => open().quote(blocks), async () => open().pin(root, blocks)]) {
      expect(await errorCode(action)).to.equal("STORE_REFUSED");
      expect(await messageOf(action)).to.match(new RegExp(`${address} owns 0\\.00000000001 AR`));
    }
    expect(posts()).to.deep.equal([]);
  });

  it("pays no price that nobody would expect", async function () {
    node.price = 10n ** 10n;
    expect(await errorCode(async () => open().pin(root, blocks))).to.equal("STORE_REFUSED");
    expect(await messageOf(async () => open().pin(root, blocks))).to.include("ARWEAVE_MAX_PRICE");
    await open({ maxPrice: ONE_AR }).pin(root, blocks);
    expect(posts()).to.have.length(1);
  });

  it("leaves out what has several blocks, or links elsewhere, and says so", async function () {
    const dag = await manyBlocks(2);
    await open().pin(dag.root, dag.blocks);
    await open().pin(dag.root, dag.blocks.slice(-1), { linksOnly: true });
    await open().pin(dag.root, blocks);
    expect(warnings).to.have.length(3);
    expect(warnings[0]).to.include(dag.root.toString());
    expect(node.seen).to.deep.equal([]);
  });

  describe("the key", function () {
    it("is in nothing that is shown, written or sent", async function () {
      const store = open();
      await store.pin(root, blocks);
      const [file] = await readdir(temporary.path("uploads"));
      const shown = [
        inspect(store, { depth: 9, showHidden: true }),
        JSON.stringify(store),
        await readFile(temporary.path("uploads", file as string), "utf8"),
        ...node.seen.map(({ body, url }) => `${url.href} ${body.toString()}`),
        ...notes,
      ].join("\n");
      for (const part of [key.d, key.p, key.q, key.dp, key.dq, key.qi]) expect(shown).not.to.include(part);
    });

    it("is refused where it is none, without being repeated", async function () {
      for (const text of [
        "",
        "{}",
        "null",
        '"key"',
        JSON.stringify({ ...key, d: undefined }),
        JSON.stringify({ ...key, kty: "EC" }),
      ]) {
        expect(await errorCode(() => parseArweaveKey(text))).to.equal("OPTION_INVALID");
      }
      const error = (() => {
        try {
          return parseArweaveKey(JSON.stringify({ ...key, n: 7 }));
        } catch (caught) {
          return caught;
        }
      })();
      expect(inspect(error, { depth: 9, showHidden: true })).not.to.include(key.d);
    });
  });
});
