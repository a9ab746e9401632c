import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { ProvenanceError } from "../../src/base/errors.ts";
import { exitCodeOfError } from "../../src/cli/exit-codes.ts";
import { live } from "./helpers/lives.ts";
import {
  type Publisher,
  type World,
  expectPublished,
  makePublisher,
  readJournal,
  startWorld,
} from "./helpers/publishing-world.ts";

describe("a publisher whose disk fails", function () {
  this.timeout(10 * 60_000);
  let world: World;
  let publisher: Publisher;
  let count = 0;

  before(async function () {
    world = await startWorld(11155111);
  });

  after(async function () {
    await world.close();
  });

  const make = async () => makePublisher(world, `model-${++count}`, world.minters[0] as never);
  const expectRerun = async (before: number) => {
    const again = await publisher.run();
    expect(again.exitCode, again.stderr).to.equal(0);
    await expectPublished(world, publisher, "after the fault");
    const { address } = publisher.wallet;
    expect((await world.provider.getTransactionCount(address)) - before, "transactions").to.equal(1);
  };
  const nonce = async () => world.provider.getTransactionCount(publisher.wallet.address);

  beforeEach(async function () {
    publisher = await make();
  });

  afterEach(async function () {
    await publisher.proxy.close();
  });

  it("loses nothing when the disk is full from any step on", async function () {
    // In this process: see lives.ts. The next test fills a disk, and a process of its own writes to it.
    const lead = async (at?: number) => {
      const { args, environment, home } = publisher;
      return live(world, args.slice(1), environment, home, at === undefined ? undefined : { kind: "full", at });
    };
    const { steps } = await lead();
    expect(steps.length).to.be.at.least(30);
    for (let step = 1; step <= steps.length; step++) {
      await publisher.proxy.close();
      publisher = await make();
      const before = await nonce();
      const { exitCode, error, notes } = await lead(step);
      // Once the token is there, nothing that cannot be written makes it a failure but the journal itself.
      if (exitCode === 0)
        expect(notes.join("\n"), `step ${step}`).to.match(/claim could not be written|left the claim/);
      else {
        const { code, message } = error as ProvenanceError;
        expect(code, `step ${step}`).to.be.oneOf(["STATE_FAILED", "STORE_FAILED"]);
        expect(exitCodeOfError(code), `step ${step}`).to.equal(4);
        expect(message).to.include("ENOSPC");
      }
      expect(await lead(), `step ${step}`).to.include({ exitCode: 0, error: undefined });
      await expectPublished(world, publisher, `step ${step}`);
      expect((await nonce()) - before, `step ${step}: transactions`).to.equal(1);
    }
  });

  it("goes on when there is room again on a disk that was really full", async function () {
    const disk = join(world.folder, "disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      this.skip(); // Only root may.
    }
    try {
      const room = join(disk, "ballast");
      await writeFile(room, Buffer.alloc(60 * 1024)).catch(() => undefined);
      const before = await nonce();
      const places = { STATE_PATH: join(disk, "state"), STORE_PATH: join(disk, "store") };
      const full = await publisher.run(places);
      expect(full.exitCode, full.stderr).to.equal(4);
      expect(full.stderr).to.match(/^error\[(STATE_FAILED|STORE_FAILED)\]: .*ENOSPC/m);
      expect(await nonce()).to.equal(before);
      await rm(room);
      const again = await publisher.run(places);
      expect(again.exitCode, again.stderr).to.equal(0);
      await expectPublished(
        world,
        { ...publisher, statePath: places.STATE_PATH, storePath: places.STORE_PATH },
        "tmpfs",
      );
      expect(await nonce()).to.equal(before + 1);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("mends blocks of the store that were damaged or lost", async function () {
    expect((await publisher.run()).exitCode).to.equal(0);
    const blocks = join(publisher.storePath, "blocks");
    for (const damage of ["bytes", "nothing", "lost"]) {
      for (const name of await readdir(blocks, { recursive: true })) {
        const path = join(blocks, name);
        if (!name.includes("bafk")) continue;
        await chmod(path, 0o644);
        if (damage === "lost") await rm(path);
        else await writeFile(path, damage === "bytes" ? "something else" : "");
      }
      const again = await publisher.run();
      expect(again.exitCode, again.stderr).to.equal(0);
      await expectPublished(world, publisher, damage);
    }
  });

  it("refuses a damaged journal, and asks the chain once it is put aside", async function () {
    const before = await nonce();
    expect((await publisher.run({ FAULT_KILL_AT: "40" })).signal).to.equal("SIGKILL");
    await readJournal(publisher);
    const folder = join(
      publisher.statePath,
      (await readdir(publisher.statePath)).find((name) => name.startsWith("eip")) as string,
    );
    const path = join(folder, (await readdir(folder)).find((name) => name.endsWith(".json")) as string);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.slice(0, -20));
    const refused = await publisher.run();
    expect(refused.exitCode).to.equal(2);
    expect(refused.stderr)
      .to.match(/^error\[STATE_DAMAGED\]: [^\n]*$/m)
      .and.to.include(path);
    expect(await readFile(path, "utf8")).to.equal(text.slice(0, -20));
    await rename(path, `${path}.damaged`);
    await expectRerun(before);
  });

  it("refuses to keep its state in the model", async function () {
    const inside = await publisher.run({ STATE_PATH: join(publisher.modelPath, "state") });
    expect(inside.exitCode).to.equal(2);
    expect(inside.stderr).to.include("lies in the model");
    expect(await readdir(publisher.modelPath)).to.deep.equal(["model.bin"]);
  });
});
