import { expect } from "chai";
import { UploadJournal } from "../../../../src/content/stores/upload-journal.ts";
import { makeArweaveKey } from "../../../helpers/arweave-key.ts";
import { singleBlock } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { type FakeArweave, arweaveAddress } from "../../../helpers/servers/arweave.ts";
import type { Fault } from "../../../helpers/servers/fake-server.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { ONE_AR, POST, useArweave } from "../../../helpers/use-arweave.ts";

describe("ArweaveStore, run again", function () {
  const temporary = useTemporaryFolder();
  const arweave = useArweave(temporary);
  const { large, open, onlyId, posts, spent } = arweave;
  const { root, blocks } = arweave.small;
  let node: FakeArweave;

  beforeEach(function () {
    node = arweave.node();
  });

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
