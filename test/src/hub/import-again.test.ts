import { expect } from "chai";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { watchModels } from "../../../src/hub/watch-models.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { importer } from "../../helpers/importer.ts";
import { rpc, steppedClock } from "../../helpers/publishing.ts";
import { hubRepo, lfsFile } from "../../helpers/servers/hub-repo.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { useHub } from "../../helpers/use-hub.ts";

describe("what was imported before", function () {
  const temporary = useTemporaryFolder();
  const hub = useHub();

  async function setUp() {
    const deployed = await deployRegistry();
    const store = new LocalStore(temporary.path("store"));
    const run = importer(deployed.registry, deployed.minter, store, hub, temporary);
    const addModels = (...names: string[]) => {
      hub.server().add(...names.map((name) => hubRepo(`lab/${name}`, { "model.bin": lfsFile(name) })));
      return { selection: { models: names.map((name) => `lab/${name}`) } };
    };
    return { ...deployed, store, run, addModels };
  }

  afterEach(async function () {
    await rpc("evm_setAutomine", true);
  });

  it("is watched as it was asked for: a branch, a tag, a commit or the default branch", async function () {
    const { run, addModels } = await setUp();
    addModels("model");
    const repo = hub.server().repos.get("lab/model")!;
    const first = repo.commits[0]!.sha;
    const second = hub.server().push("lab/model", { "model.bin": lfsFile("newer") });
    const point = (refs: Record<string, string>) =>
      hub.server().repos.set("lab/model", { ...hub.server().repos.get("lab/model")!, refs });
    point({ v1: first, gone: first, next: second });
    const names = ["lab/model", "lab/model@v1", `lab/model@${first}`, "lab/model@next", "lab/model@gone"];
    const { recorded, statuses } = await run({ selection: { models: names } });
    expect(statuses).to.deep.equal(["waiting", "waiting", "same", "same", "same"]);
    expect(recorded.map(({ reference, revision }) => [reference, revision])).to.have.deep.members([
      [undefined, second],
      ["v1", first],
      [first, first],
      ["next", second],
      ["gone", first],
    ]);
    const watch = async () => {
      const found: Record<string, string> = {};
      for await (const model of watchModels(hub.open(), recorded)) {
        found[model.reference ?? "default"] = [model.status, ...model.changes.map(({ what }) => what)].join();
      }
      return found;
    };
    const all = { default: "unchanged", v1: "unchanged", [first]: "unchanged", next: "unchanged", gone: "unchanged" };
    expect(await watch()).to.deep.equal(all);
    const third = hub.server().push("lab/model", { "model.bin": lfsFile("newest") });
    point({ v1: first, next: third });
    const changed = "changed,files,weights";
    expect(await watch()).to.deep.equal({ ...all, default: changed, next: changed, gone: "vanished,vanished" });
    const again = await run({ selection: { models: names.slice(1, 4) } });
    expect(again.recorded.length).to.equal(5);
  });

  it("is watched by the list of its owner where that has many, and asked for where the list does not say the same", async function () {
    const { run, addModels } = await setUp();
    const names = Array.from({ length: 12 }, (_, i) => `model-${i}`);
    const { recorded } = await run(addModels(...names));
    const server = hub.server();
    const watch = async () => {
      server.requests.length = 0;
      const statuses: Record<string, string[]> = {};
      for await (const { repository, status } of watchModels(hub.open(), recorded)) {
        if (status !== "unchanged") statuses[repository] = [...(statuses[repository] ?? []), status];
      }
      return { statuses, asked: server.requests.map(({ path }) => path.split("?")[0]) };
    };
    expect(await watch()).to.deep.equal({ statuses: {}, asked: ["/api/models"] });
    server.push("lab/model-3", { "model.bin": lfsFile("newer") });
    server.repos.delete("lab/model-5");
    server.repos.set("lab/model-7", { ...server.repos.get("lab/model-7")!, access: "private" });
    const { statuses, asked } = await watch();
    expect(statuses).to.deep.equal({
      "lab/model-3": ["changed"],
      "lab/model-5": ["vanished"],
      "lab/model-7": ["vanished"],
    });
    expect(asked.filter((path) => /model-(?![357]\/)/.test(path ?? ""))).to.deep.equal([]);
    // A list that cannot be read is none.
    server.fail({ path: /^\/api\/models\?/, status: 400, times: 1 });
    expect((await watch()).statuses).to.deep.equal(statuses);
  });

  it("is watched also where another repository of the run has the same files", async function () {
    const { run, addModels } = await setUp();
    addModels("one", "two");
    hub.server().add(hubRepo("lab/copy", { "model.bin": lfsFile("one") }));
    const selection = { models: ["lab/one", "lab/copy", "lab/two"] };
    const { recorded, statuses } = await run({ selection });
    expect(statuses).to.deep.equal(["waiting", "same", "waiting"]);
    expect(recorded.map(({ repository }) => repository)).to.have.members(selection.models);
  });

  it("is not recorded again where the store that knows of it cannot be asked", async function () {
    const { run, addModels, registry } = await setUp();
    const request = addModels("one", "two");
    await run(request);
    const count = async () => (await registry.contract.queryFilter(registry.contract.filters.BatchAnchored())).length;
    const failing = (code: "STORE_FAILED" | "STORE_BLOCK_MISSING") => ({
      get: async () => Promise.reject(new ProvenanceError(code, "The gateway does not answer.")),
    });
    const lost = async (code: "STORE_FAILED" | "STORE_BLOCK_MISSING") =>
      run(request, `lost-${code}`, { reading: failing(code) });
    expect(await errorCode(async () => lost("STORE_FAILED"))).to.equal("STORE_FAILED");
    expect(await count()).to.equal(1);
    const missing = await lost("STORE_BLOCK_MISSING");
    expect(missing.warnings.join()).to.include("cannot be read");
    expect(missing.statuses).to.deep.equal(["waiting", "waiting"]);
  });

  it("is replaced at its nonce where its transaction offers less than blocks ask by now", async function () {
    const { run, addModels, minter } = await setUp();
    const request = addModels("one", "two");
    const nonce = await minter.getNonce("latest");
    await rpc("evm_setAutomine", false);
    const waiting = { sending: { clock: steppedClock(), waitSeconds: 1 } };
    expect(await errorCode(async () => run(request, "state", waiting))).to.equal("TRANSACTION_PENDING");
    const pending = (await rpc("eth_getBlockByNumber", "pending", true)) as {
      transactions: { maxFeePerGas: string }[];
    };
    const dear = BigInt(pending.transactions[0]!.maxFeePerGas) * 3n;
    await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${dear.toString(16)}`);
    await rpc("evm_mine"); // Without the transaction: it does not pay the base fee.
    const again = await run(request, "state", { sending: { clock: steppedClock([async () => rpc("evm_mine")]) } });
    expect(again.sent.length).to.equal(1);
    expect(again.summary.recorded[0]).to.include({ count: 2, transactionHash: again.sent[0] });
    expect(await minter.getNonce("latest")).to.equal(nonce + 1);
  });
});
