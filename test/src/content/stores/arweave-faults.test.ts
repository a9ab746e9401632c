import { expect } from "chai";
import { singleBlock } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import type { FakeArweave } from "../../../helpers/servers/arweave.ts";
import type { Fault } from "../../../helpers/servers/fake-server.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { POST, useArweave } from "../../../helpers/use-arweave.ts";

describe("ArweaveStore, with a node that fails", function () {
  const temporary = useTemporaryFolder();
  const arweave = useArweave(temporary);
  const { large, open, onlyId, posts } = arweave;
  const { root, blocks } = arweave.small;
  let node: FakeArweave;

  beforeEach(function () {
    node = arweave.node();
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
});
