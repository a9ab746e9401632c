import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { hashModel } from "../../src/model/hash-model.ts";
import {
  type BatchPublisher,
  expectAllPublished,
  makeBatchPublisher,
  readDocument,
} from "./helpers/batch-publisher.ts";
import { startPublisher } from "./helpers/publisher-process.ts";
import { type World, expectPublished, startWorld } from "./helpers/publishing-world.ts";
import { SILENCE } from "./helpers/rpc-proxy.ts";

const JSON_OUTPUT = { OUTPUT_FORMAT: "json" };

describe("publishers of lists", function () {
  this.timeout(5 * 60_000);
  let world: World;
  const made: BatchPublisher[] = [];

  before(async function () {
    world = await startWorld(11155111);
  });

  after(async function () {
    await Promise.all(made.map(async ({ proxy }) => proxy.close()));
    await world.close();
  });

  const make = async (name: string, wallet = world.minters[0] as Wallet, names?: readonly string[]) => {
    const publisher = await makeBatchPublisher(world, name, wallet, undefined, names);
    made.push(publisher);
    return publisher;
  };
  const countSent = async ({ wallet }: BatchPublisher) => world.provider.getTransactionCount(wallet.address);

  it("of one list at once end in one token for each model", async function () {
    const publisher = await make("same");
    const before = await countSent(publisher);
    const runs = await Promise.all([1, 2].map(async () => publisher.run(JSON_OUTPUT)));
    for (const { exitCode, stderr } of runs) expect(exitCode, stderr).to.equal(0);
    const summaries = runs.map(({ stdout }) => readDocument(stdout).summary);
    expect(summaries.map(({ minted }) => minted).toSorted()).to.deep.equal([0, 3]);
    expect(summaries.map(({ existing }) => existing).toSorted()).to.deep.equal([0, 3]);
    await expectAllPublished(world, publisher, "same");
    expect(await countSent(publisher)).to.equal(before + 1);
  });

  it("of lists that share models, and of one of these models, take turns", async function () {
    const publisher = await make("shared");
    const [one, two] = publisher.modelPaths as [string, string];
    const other = join(world.folder, "shared", "other.jsonl");
    await writeFile(other, [two, one].map((path) => `${JSON.stringify(path)}\n`).join("\n"));
    const before = await countSent(publisher);
    const [verb, , , ...rest] = publisher.args as [string, string, string, ...string[]];
    const runs = await Promise.all([
      publisher.run(),
      startPublisher([verb, "--batch", other, ...rest], publisher.environment).ended,
      startPublisher([verb, two, ...rest], publisher.environment).ended,
    ]);
    for (const { exitCode, stderr } of runs) expect(exitCode, stderr).to.equal(0);
    await expectAllPublished(world, publisher, "shared");
    expect((await countSent(publisher)) - before).to.be.within(1, 3);
  });

  it("publish the others when models are bad, say which and why, and do the rest when they are mended", async function () {
    const publisher = await make("bad", world.minters[1], ["good", "broken", "other", "of-good"]);
    const [good, broken, other, child] = publisher.modelPaths as [string, string, string, string];
    await rm(broken, { recursive: true });
    const before = await countSent(publisher);
    const first = await publisher.run(JSON_OUTPUT);
    expect(first.exitCode, first.stderr).to.equal(2);
    const { models, summary } = readDocument(first.stdout);
    expect(summary).to.deep.equal({ minted: 3, existing: 0, failed: 1 });
    expect(models.map(({ status }) => status)).to.deep.equal(["minted", "failed", "minted", "minted"]);
    expect(models[1]?.error?.code).to.equal("MODEL_NOT_FOUND");
    expect(models[1]?.error?.message).to.include(broken);
    for (const modelPath of [good, other, child]) await expectPublished(world, { ...publisher, modelPath }, modelPath);

    await mkdir(broken);
    await writeFile(join(broken, "model.bin"), "weights that came later");
    const second = await publisher.run();
    expect(second.exitCode, second.stderr).to.equal(0);
    expect(second.stdout).to.match(/^1 minted, 3 existing, 0 failed$/m);
    await expectAllPublished(world, publisher, "mended");
    expect(await countSent(publisher)).to.equal(before + 2);
  });

  it("finish what was sent when the node went silent", async function () {
    const publisher = await make("silent");
    const before = await countSent(publisher);
    publisher.proxy.intercept = async (call, forward) => {
      if (call.method !== "eth_sendRawTransaction") return forward();
      await forward();
      publisher.proxy.intercept = async () => SILENCE;
      return SILENCE;
    };
    const first = await publisher.run({ WAIT_SECONDS: "3", RPC_TIMEOUT: "1" });
    publisher.proxy.intercept = undefined;
    expect(first.exitCode, first.stderr).to.equal(4);
    expect(first.stderr)
      .to.match(/^error\[CHAIN_UNREACHABLE\]: [^\n]*$/m)
      .and.to.include("to go on from here: ");
    const again = await publisher.run(JSON_OUTPUT);
    expect(again.exitCode, again.stderr).to.equal(0);
    await expectAllPublished(world, publisher, "silent");
    expect(await countSent(publisher)).to.equal(before + 1);
  });

  it("lose nothing when the disk is full, from any of some steps on", async function () {
    for (const step of [10, 60, 110, 160]) {
      const publisher = await make(`full-${step}`);
      const before = await countSent(publisher);
      const full = await publisher.run({ FAULT_FULL_AT: String(step), BATCH_CONCURRENCY: "1" });
      expect(full.exitCode, `${step}: ${full.stderr}`).to.equal(4);
      expect(full.stderr, String(step)).to.include("ENOSPC");
      const again = await publisher.run();
      expect(again.exitCode, `${step}: ${again.stderr}`).to.equal(0);
      await expectAllPublished(world, publisher, `full from step ${step} on`);
      expect(await countSent(publisher), String(step)).to.equal(before + 1);
    }
  });

  it("leave a model alone whose journal is damaged, and publish the others", async function () {
    const publisher = await make("damaged");
    const [, two] = publisher.modelPaths as [string, string];
    expect((await publisher.run({ MAX_COST: "0.0000001" })).exitCode).to.equal(6);
    const folder = (await readdir(publisher.statePath)).find((name) => name.startsWith("eip155-")) as string;
    const journal = join(publisher.statePath, folder, `${(await hashModel(two)).modelDigest}.json`);
    await writeFile(journal, "{");
    const { exitCode, stdout } = await publisher.run(JSON_OUTPUT);
    expect(exitCode).to.equal(2);
    const { models, summary } = readDocument(stdout);
    expect(summary).to.deep.equal({ minted: 2, existing: 0, failed: 1 });
    expect(models[1]?.error).to.include({ code: "STATE_DAMAGED" });
    expect(models[1]?.error?.message).to.include(journal);
    await rm(journal);
    expect((await publisher.run()).exitCode).to.equal(0);
    await expectAllPublished(world, publisher, "damaged");
  });

  it("say what a list would do, and leave no trace of it", async function () {
    const publisher = await make("rehearsed", world.minters[2], ["a", "b", "c"]);
    await rm(publisher.modelPaths[1] as string, { recursive: true });
    const before = await countSent(publisher);
    const { stdout, exitCode } = await publisher.run({ DRY_RUN: "1", ...JSON_OUTPUT });
    expect(exitCode).to.equal(2);
    const document = JSON.parse(stdout) as Record<string, unknown> & ReturnType<typeof readDocument>;
    expect(document).to.include({ dryRun: true });
    expect(document.models.map(({ status }) => status)).to.deep.equal(["to-mint", "failed", "to-mint"]);
    expect(document.models[0]?.tokenId).to.equal((await hashModel(publisher.modelPaths[0] as string)).modelDigest);
    expect(document.summary).to.include({ toMint: 2, existing: 0, failed: 1 });
    expect(Number((document.summary as unknown as { worstCost: string }).worstCost)).to.be.above(0);
    expect(await countSent(publisher)).to.equal(before);
    expect((await readdir(join(world.folder, "rehearsed"))).toSorted()).to.deep.equal(["a", "c", "list.json", "model"]);
    expect(await readdir(publisher.modelPaths[0] as string)).to.deep.equal(["model.bin"]);
  });

  it("refuse what costs more than was allowed, the whole list taken together", async function () {
    const publisher = await make("dear");
    const before = await countSent(publisher);
    for (const more of [{}, { DRY_RUN: "1" }]) {
      const refused = await publisher.run({ MAX_COST: "0.0000001", ...more });
      expect(refused.exitCode, refused.stderr).to.equal(6);
      expect(refused.stderr).to.match(/^error\[COST_TOO_HIGH\]: [^\n]*MAX_COST[^\n]*$/m);
    }
    expect(await countSent(publisher)).to.equal(before);
    expect(await readdir(join(world.folder, "dear"))).to.not.include("store");
  });

  it("refuse a list that is wrong, with the place in it", async function () {
    const publisher = await make("wrong");
    const [model] = publisher.modelPaths as [string];
    const lists = [
      ["{", "OPTION_INVALID", "is not JSON as a whole"],
      ["{}", "OPTION_INVALID", "is no array"],
      ["[]", "OPTION_INVALID", "names no model"],
      [[model, 7], "OPTION_INVALID", "$[1] is neither"],
      [[{ license: "MIT" }], "OPTION_MISSING", "$[0] names no model"],
      [[{ model, licence: "MIT" }], "OPTION_INVALID", "$[0].licence is no key"],
      [[{ model, "rpc-url": "http://x" }], "OPTION_INVALID", '$[0]["rpc-url"] is no key'],
      [[model, { model, relation: "uncle" }], "OPTION_INVALID", "$[1].relation takes"],
      [[{ model, license: { name: "MIT" } }], "OPTION_INVALID", '$[0].license cannot be {"name":"MIT"}'],
      [[{ model, "parent-model": ["0x1", 2] }], "OPTION_INVALID", '$[0]["parent-model"][1] cannot be 2'],
      [[{ model: "a\0b" }], "OPTION_INVALID", "$[0].model takes a path"],
      [[{ model, "royalty-receiver": publisher.wallet.address }], "OPTION_MISSING", "$[0]: ROYALTY_RECEIVER"],
    ] as const;
    for (const [list, code, text] of lists) {
      await writeFile(publisher.listPath, typeof list === "string" ? list : JSON.stringify(list));
      const { exitCode, stderr, stdout } = await publisher.run();
      expect(exitCode, stderr).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr.split("\n").filter((line) => line.startsWith("error"))).to.have.length(1);
      expect(stderr).to.include(`error[${code}]`).and.to.include(text).and.to.include(publisher.listPath);
    }
    const lines = `${publisher.listPath}l`;
    await writeFile(lines, `${JSON.stringify(model)}\n\n{"model": 3, "wrong"`);
    const args = ["publish", "--batch", lines, ...publisher.args.slice(3)];
    const { stderr } = await startPublisher(args, publisher.environment).ended;
    expect(stderr).to.include("is not JSON in line 3");
    const both = await publisher.run({ MODEL_PATH: model });
    expect(both.exitCode).to.equal(2);
    expect(both.stderr).to.include("both given");
  });
});
