import { expect } from "chai";
import { CID } from "multiformats/cid";
import { parseBatchProof, batchProofName } from "../../../src/registry/batches/batch-files.ts";
import { mintAnchored } from "../../../src/publish/mint-anchored.ts";
import { readModelRecord } from "../../../src/registry/model-record.ts";
import type { Hex } from "../../../src/base/hex.ts";
import { ProvenanceError } from "../../../src/base/errors.ts";
import type { ImportOutcome } from "../../../src/hub/import-request.ts";
import { directoryCid } from "../../../src/hub/known-models.ts";
import { canonicalJson } from "../../../src/metadata/canonical-json.ts";
import { readMetadata } from "../../../src/metadata/read-metadata.ts";
import { buildBatch } from "../../../src/publish/build-batch.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { findUnixfsFile, readVerified } from "../../../src/content/unixfs/read-dag.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { importer } from "../../helpers/importer.ts";
import { CYCLE } from "../../helpers/servers/hostile-repos.ts";
import { HUB_MODELS, toHubRepo } from "../../helpers/servers/hub-models.ts";
import { type HubFiles, hubRepo, lfsFile } from "../../helpers/servers/hub-repo.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { downloadByHand, useHub } from "../../helpers/use-hub.ts";

const card = (...bases: string[]) =>
  `---\nlicense: mit\nbase_model:\n${bases.map((base) => `- ${base}\n`).join("")}---\n`;

describe("importModels", function () {
  const temporary = useTemporaryFolder();
  const hub = useHub({ pageSize: 3 });

  /** A registry, a store, and a way to import into them. */
  async function setUp() {
    const deployed = await deployRegistry();
    const { registry, minter } = deployed;
    const store = new LocalStore(temporary.path("store"));
    const run = importer(registry, minter, store, hub, temporary);
    const recordOf = async (outcome: ImportOutcome) =>
      outcome.status === "failed" ? undefined : readModelRecord(registry, BigInt(outcome.model.modelDigest));
    const proofOf = async (contentDigest: Hex, modelDigest: Hex) => {
      const read = readVerified(store);
      const cid = await findUnixfsFile(directoryCid(contentDigest), batchProofName(modelDigest), read);
      return cid && parseBatchProof(await read(cid));
    };
    return { ...deployed, store, run, recordOf, proofOf };
  }

  it("writes the directory that the library writes of the same models, and mints each of them", async function () {
    hub.server().add(...HUB_MODELS.map(toHubRepo));
    const { run, registry, minter, store, proofOf } = await setUp();
    const { summary, outcomes } = await run({ selection: { models: HUB_MODELS.map(({ id }) => id) } });
    expect(summary.recorded.map(({ count }) => count)).to.deep.equal([4]);
    const [event] = await registry.contract.queryFilter(registry.contract.filters.BatchAnchored());
    const { root, contentDigest, count } = event!.args;
    expect(count).to.equal(4n);

    const prepared = [];
    for (const outcome of outcomes) {
      if (outcome.status === "failed") continue;
      const { modelDigest, staged } = outcome.model;
      const metadataDigest = staged?.metadataDigest as Hex;
      const metadata = await readMetadata(metadataDigest, store);
      const block = rawBlock(canonicalJson(metadata));
      const built = { metadata, metadataDigest, uri: "", block, attachments: [] };
      prepared.push({ built, model: { modelDigest, path: modelDigest } as never });
    }
    const batch = buildBatch(prepared, registry, () => undefined);
    expect([batch.root, batch.contentDigest]).to.deep.equal([root, contentDigest]);

    for (const [i, vector] of HUB_MODELS.entries()) {
      const { modelDigest } = (outcomes[i] as Exclude<ImportOutcome, { status: "failed" }>).model;
      const copy = await downloadByHand(toHubRepo(vector), temporary.path("copies", vector.id));
      const anchored = await verifyModel({ modelPath: copy, registry, store });
      expect([anchored.verdict, anchored.batch?.root], vector.id).to.deep.equal(["verified", root]);
      const proof = await proofOf(contentDigest as Hex, modelDigest);
      const { record } = await mintAnchored(registry, proof!, { signer: minter });
      expect(record.creator).to.equal(minter.address);
      const { verdict, metadata } = await verifyModel({ modelPath: copy, registry, store });
      expect(verdict, vector.id).to.equal("verified");
      expect(metadata?.name).to.equal(vector.id);
      expect(await store.has(CID.parse(metadata!.image!.slice(7)))).to.equal(true);
    }
  });

  it("makes base models parents where the registry has their token, by files or by weights", async function () {
    const add = (id: string, files: HubFiles) => hub.server().add(hubRepo(id, files));
    add("lab/base", { "README.md": "1", "model.bin": lfsFile("base") });
    add("lab/other", { "model.bin": lfsFile("other") });
    const { run, recordOf, registry, minter } = await setUp();
    const [base] = (await run({ selection: { models: ["lab/base"] } })).outcomes;
    const baseId = (await recordOf(base!))?.tokenId as bigint;

    add("lab/child", { "README.md": card("lab/base"), "model.bin": lfsFile("child") });
    const first = await run({ selection: { models: ["lab/child"] } });
    expect(await recordOf(first.outcomes[0]!)).to.deep.include({ parents: [baseId], relation: "fine-tune" });

    hub.server().push("lab/base", { "README.md": "2", "model.bin": lfsFile("base") });
    add("lab/both", { "README.md": card("lab/other", "lab/base", "lab/gone"), "model.bin": lfsFile("both") });
    const second = await run({ selection: { models: ["lab/both"] } });
    const record = await recordOf(second.outcomes[0]!);
    expect(record).to.deep.include({ parents: [baseId] });
    const store = new LocalStore(temporary.path("store"));
    const { baseModels } = (await readMetadata(record!.metadataDigest, store)).provenance;
    expect(baseModels?.map(({ uri }) => uri.replace(/@[0-9a-f]{40}$/, "@commit"))).to.deep.equal([
      "hf://lab/other@commit",
      "hf://lab/gone",
    ]);
    expect(baseModels?.[0]?.digest).to.match(/^0x/);
    expect(second.warnings.join()).to.include("lab/gone");

    await registry.contract.setStatus(baseId, 2, "gone bad");
    expect((await readModelRecord(registry, baseId))?.creator).to.equal(minter.address);
    add("lab/late", { "README.md": card("lab/base"), "model.bin": lfsFile("late") });
    const third = await run({ selection: { models: ["lab/late"] } });
    expect(await recordOf(third.outcomes[0]!)).to.deep.include({ parents: [] });
    expect(third.warnings.join()).to.include("revoked");
  });

  it("records models that name each other or themselves, in one batch", async function () {
    hub.server().add(...CYCLE, hubRepo("cycle/self", { "README.md": card("cycle/self"), "model.bin": lfsFile("s") }));
    const { run, registry, minter, proofOf } = await setUp();
    const { outcomes, statuses } = await run({ selection: { models: ["cycle/a", "cycle/b", "cycle/self"] } });
    expect(statuses).to.deep.equal(["waiting", "waiting", "waiting"]);
    const [event] = await registry.contract.queryFilter(registry.contract.filters.BatchAnchored());
    for (const outcome of outcomes) {
      const { modelDigest } = (outcome as Exclude<ImportOutcome, { status: "failed" }>).model;
      const proof = await proofOf(event!.args.contentDigest as Hex, modelDigest);
      expect(await errorCode(async () => mintAnchored(registry, proof!, { signer: minter }))).to.equal("no error");
    }
  });

  it("leaves alone what is known, by whatever run, machine or way it was recorded", async function () {
    const repos = [1, 2, 3, 4, 5].map((n) => hubRepo(`lab/m${n}`, { "model.bin": lfsFile(String(n)) }));
    hub.server().add(...repos, hubRepo("lab/copy", { "model.bin": lfsFile("1") }));
    const { run } = await setUp();
    const names = (...numbers: number[]) => ({ selection: { models: numbers.map((n) => `lab/m${n}`) } });
    expect((await run(names(1))).statuses).to.deep.equal(["waiting"]);
    expect((await run(names(2, 3))).statuses).to.deep.equal(["waiting", "waiting"]);
    expect((await run(names(1, 2, 3))).statuses).to.deep.equal(["known", "known", "known"]);
    const elsewhere = await run(names(1, 2, 3, 4), "another-state");
    expect(elsewhere.statuses).to.deep.equal(["known", "known", "known", "waiting"]);
    expect(elsewhere.summary.registrations.map(({ type }) => type)).to.deep.equal(["token", "batch", "batch", "token"]);
    const twice = await run({ selection: { models: ["lab/m5", "lab/copy", "lab/m5"] } });
    expect(twice.statuses).to.deep.equal(["waiting", "known", "same"]);
  });

  it("mints each model for itself with a batch size of 1", async function () {
    hub.server().add(...[1, 2].map((n) => hubRepo(`lab/m${n}`, { "model.bin": lfsFile(String(n)) })));
    const { run, recordOf } = await setUp();
    const { outcomes, sent } = await run({ selection: { author: "lab" }, batchSize: 1 });
    expect(sent.length).to.equal(2);
    for (const outcome of outcomes) expect(await recordOf(outcome)).to.not.equal(undefined);
  });

  it("stops where the Hub is out of reach, and has lost nothing", async function () {
    const repos = Array.from({ length: 60 }, (_, n) => hubRepo(`lab/m${n}`, { "model.bin": lfsFile(String(n)) }));
    hub.server().add(...repos);
    const { run } = await setUp();
    hub.server().fail({ path: /\/tree\//, status: 502, times: Infinity });
    expect(await errorCode(async () => run({ selection: { author: "lab" }, concurrency: 20 }))).to.equal(
      "HUB_UNREACHABLE",
    );
    hub.server().faults.length = 0;
    const { summary } = await run({ selection: { author: "lab" } });
    expect(summary.recorded.map(({ count }) => count)).to.deep.equal([60]);
  });

  it("stops where the queue is gone, and asks it for no other models", async function () {
    const repos = Array.from({ length: 60 }, (_, n) => hubRepo(`lab/m${n}`, { "model.bin": lfsFile(String(n)) }));
    hub.server().add(...repos);
    const { run } = await setUp();
    let asked = 0;
    const inspect = async () => {
      asked++;
      throw new ProvenanceError("QUEUE_UNREACHABLE", "The queue's database has not answered.");
    };
    const queue = { atOnce: 4, inspect };
    expect(await errorCode(async () => run({ selection: { author: "lab" } }, "state", { queue }))).to.equal(
      "QUEUE_UNREACHABLE",
    );
    expect(asked).to.be.at.most(8);
    const { summary } = await run({ selection: { author: "lab" } });
    expect(summary.recorded.map(({ count }) => count)).to.deep.equal([60]);
  });

  it("compares what it downloads, and names the model whose content is another", async function () {
    hub
      .server()
      .add(hubRepo("lab/good", { "model.bin": lfsFile("good") }), hubRepo("lab/bad", { "model.bin": lfsFile("bad") }));
    hub.server().fail({ path: /\/lfs\/lab%2Fbad/, status: 200, body: "bax", times: Infinity });
    const { run } = await setUp();
    const selection = { models: ["lab/bad", "lab/good"] };
    const { outcomes } = await run({ selection, download: temporary.path("copies") });
    expect(outcomes[0]).to.deep.include({ status: "failed", code: "HUB_ANSWER_INVALID" });
    expect(outcomes[1]?.status).to.equal("waiting");
  });
});
