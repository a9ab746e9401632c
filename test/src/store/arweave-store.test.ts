import { readFile, readdir } from "node:fs/promises";
import { inspect } from "node:util";
import { expect } from "chai";
import { parseArweaveKey } from "../../../src/store/arweave-key.ts";
import { ArweaveStore, type ArweaveStoreOptions } from "../../../src/store/arweave-store.ts";
import { UploadJournal } from "../../../src/store/upload-journal.ts";
import { makeArweaveKey } from "../../helpers/arweave-key.ts";
import { manyBlocks, singleBlock } from "../../helpers/dags.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { type FakeArweave, arweaveAddress, startArweave } from "../../helpers/servers/arweave.ts";
import type { Fault } from "../../helpers/servers/fake-server.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const ONE_AR = 10n ** 12n;
const POST = "POST /tx";

describe("ArweaveStore", function () {
  const temporary = useTemporaryFolder();
  const key = makeArweaveKey();
  const address = arweaveAddress(key.n);
  const { root, blocks } = singleBlock();
  const large = singleBlock(`{"text":"${"0123456789".repeat(70_000)}"}`);
  let node: FakeArweave;
  let notes: string[];
  let warnings: string[];

  beforeEach(async function () {
    node = await startArweave();
    node.balances.set(address, ONE_AR);
    notes = [];
    warnings = [];
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
  const onlyId = () => {
    expect(node.transactions.size).to.equal(1);
    return [...node.transactions.keys()][0] as string;
  };
  const posts = () => node.routes().filter((route) => route === POST);
  const spent = () => ONE_AR - (node.balances.get(address) ?? 0n);
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

  describe("a second run", function () {
    it("pays nothing while the first transaction waits to be mined, or is mined", async function () {
      await open().pin(root, blocks);
      const store = open();
      await store.pin(root, blocks);
      node.mine();
      await open().pin(root, blocks);
      expect(posts()).to.have.length(1);
      expect(store.copiesOf(root)).to.deep.equal([`ar://${onlyId()}`]);
      expect(await store.has(root)).to.equal(true);
    });

    it("finds on the network what another machine paid for", async function () {
      await open().pin(root, blocks);
      node.mine();
      const elsewhere = open({ journal: new UploadJournal(temporary.path("other-machine")) });
      await elsewhere.pin(root, blocks);
      expect(posts()).to.have.length(1);
      expect(elsewhere.copiesOf(root)).to.deep.equal([`ar://${onlyId()}`]);
    });

    it("does not take a transaction that lies about its data for a copy", async function () {
      const other = singleBlock("something else");
      const lying = [{ cid: root, bytes: other.blocks[0]?.bytes as Uint8Array }];
      await open({ journal: new UploadJournal(temporary.path("liar")) }).pin(root, lying);
      node.mine();
      expect(await errorCode(async () => open().get(root))).to.equal("STORE_BLOCK_MISSING");
      await open().pin(root, blocks);
      node.mine();
      expect(node.transactions.size).to.equal(2);
      expect(Buffer.from(await open().get(root)).equals(blocks[0]?.bytes as Uint8Array)).to.equal(true);
    });

    it("sends the same transaction again where its answer was lost, and pays once", async function () {
      node.fail(POST, "lose", "lose", "lose", "lose", "lose");
      expect(await errorCode(async () => open().pin(root, blocks))).to.equal("STORE_FAILED");
      await open().pin(root, blocks);
      expect(node.transactions.size).to.equal(1);
      expect(spent()).to.equal(1000n * BigInt(blocks[0]?.bytes.length ?? 0));
    });

    it("sends the same transaction again where the network forgot it", async function () {
      await open().pin(root, blocks);
      const id = onlyId();
      node.transactions.clear();
      await open().pin(root, blocks);
      expect(onlyId()).to.equal(id);
    });

    it("makes a new one where the old one is too old to be mined", async function () {
      await open().pin(root, blocks);
      const id = onlyId();
      node.expire();
      await open().pin(root, blocks);
      expect(onlyId()).not.to.equal(id);
    });

    it("sends the parts of the data that are missing", async function () {
      node.fail("POST /chunk", ...Array<Fault>(5).fill({ status: 500 }));
      expect(await errorCode(async () => open().pin(large.root, large.blocks))).to.equal("STORE_FAILED");
      node.mine();
      expect(await errorCode(async () => open().get(large.root))).to.equal("STORE_BLOCK_MISSING");
      await open().pin(large.root, large.blocks);
      node.mine();
      expect(node.transactions.size).to.equal(1);
      expect((await open().get(large.root)).length).to.equal(large.blocks[0]?.bytes.length);
    });

    it("is not misled by a note of another wallet", async function () {
      await open().pin(root, blocks);
      const other = makeArweaveKey();
      node.balances.set(arweaveAddress(other.n), ONE_AR);
      await open({ key: other }).pin(root, blocks);
      expect(node.transactions.size).to.equal(2);
    });
  });

  const passing: Fault[] = [
    "drop",
    "lose",
    "truncate",
    { status: 503 },
    { status: 429, headers: { "Retry-After": "0" } },
  ];
  for (const route of ["GET /price", "GET /wallet", "GET /tx_anchor", POST, "POST /graphql", "POST /chunk"]) {
    it(`goes on after failures that pass, of ${route}`, async function () {
      for (const fault of passing) {
        const dag = singleBlock(`{"fault":${JSON.stringify(fault)},"x":"${"x".repeat(300_000)}"}`);
        node.fail(route, fault);
        await open().pin(dag.root, dag.blocks);
      }
      node.mine();
      expect(node.transactions.size).to.equal(passing.length);
    });
  }

  const wrong: [string, Fault, string][] = [
    ["GET /price", { status: 200, body: "cheap" }, "STORE_FAILED"],
    ["GET /wallet", { status: 200, body: "-1" }, "STORE_FAILED"],
    ["GET /tx_anchor", { status: 200, body: "<html>" }, "STORE_FAILED"],
    ["POST /graphql", { status: 200, body: { errors: [] } }, "STORE_FAILED"],
    [POST, { status: 400, body: "Transaction verification failed." }, "STORE_REFUSED"],
    [POST, { status: 413 }, "STORE_REFUSED"],
    ["POST /chunk", { status: 400, body: { error: "invalid_proof" } }, "STORE_REFUSED"],
    ["GET /price", { status: 302, headers: { Location: "http://127.0.0.1:1/" } }, "STORE_FAILED"],
  ];
  for (const [route, fault, code] of wrong) {
    it(`gives one clear error for ${route}: ${JSON.stringify(fault)}`, async function () {
      node.fail(route, ...Array<Fault>(5).fill(fault));
      expect(await errorCode(async () => open().pin(large.root, large.blocks))).to.equal(code);
    });
  }

  it("works with a node that keeps no index", async function () {
    node.fail("POST /graphql", { status: 404 }, { status: 404 });
    await open().pin(root, blocks);
    node.mine();
    await open().pin(root, blocks);
    expect(posts()).to.have.length(1);
  });

  it("waits for a node that has not heard of the transaction yet", async function () {
    node.fail("POST /chunk", { status: 400, body: { error: "data_root_not_found" } });
    await open().pin(large.root, large.blocks);
    node.mine();
    expect((await open().get(large.root)).length).to.equal(large.blocks[0]?.bytes.length);
  });

  it("follows a gateway to a host below its own, and nowhere else", async function () {
    const store = open();
    await store.pin(root, blocks);
    node.mine();
    const id = onlyId();
    node.fail(`GET /${id}`, { status: 302, headers: { Location: `${node.url}/${id}` } });
    expect((await store.get(root)).length).to.equal(blocks[0]?.bytes.length);
    for (const location of ["http://10.0.0.1/x", "https://arweave.example/x", `${node.url}0/x`]) {
      node.fail(`GET /${id}`, { status: 302, headers: { Location: location } });
      expect(await errorCode(async () => store.get(root))).to.equal("STORE_FAILED");
    }
    node.fail(`GET /${id}`, ...Array<Fault>(4).fill({ status: 302, headers: { Location: `${node.url}/${id}` } }));
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_FAILED");
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
