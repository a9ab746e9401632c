import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CarReader } from "@ipld/car";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import { writeCarFile } from "../../src/content/car/car-file.ts";
import { rawBlock } from "../../src/content/cid.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { BIN } from "../helpers/built-command.ts";
import { blocksOfFolder } from "../helpers/folder-blocks.ts";
import { runCommand } from "../helpers/run-command.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FILES = { "config.json": Buffer.from("{}"), "weights.bin": Buffer.alloc(MIB + 1, 7) };

describe("model-provenance store", function () {
  const temporary = useTemporaryFolder();
  const storePath = () => temporary.path("store");
  const run = async (...args: string[]) => runCommand(["store", ...args], { STORE_PATH: storePath() });
  const runJson = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(...args, "--json");
    return { exitCode, stderr, json: JSON.parse(stdout) as Record<string, unknown> };
  };

  /** A folder pinned by reference, and a block that nothing needs. */
  async function pinFolder() {
    const folder = await temporary.write("model", FILES);
    const { root, blocks } = await blocksOfFolder(folder, Object.keys(FILES));
    const loose = rawBlock(Buffer.from("loose"));
    await new LocalStore(storePath()).pin(root, [...blocks, loose]);
    return { folder, root: root.toString(), blocks, loose };
  }

  it("lists, checks, unpins and collects", async function () {
    const { root } = await pinFolder();
    const listed = await run("list");
    expect(listed.stdout).to.match(new RegExp(`^ROOT .*\n${root} +folder +1\\.0 MB$`));
    const checked = await runJson("check");
    expect(checked).to.deep.include({ exitCode: 0 });
    expect(checked.json)
      .to.include({ schemaVersion: "1.0", pins: 1, blocks: 3, references: 3 })
      .and.deep.include({ faults: [] });

    expect((await run("gc", "--dry-run")).stdout).to.match(/^would remove 1 blocks \(5 B\), 0 references/);
    expect((await runJson("gc")).json).to.include({ dryRun: false, blocks: 1, bytes: 5, references: 0 });
    expect((await run("unpin", `ipfs://${root}`)).exitCode).to.equal(0);
    const again = await run("unpin", root);
    expect([again.exitCode, again.stdout]).to.deep.equal([3, ""]);
    expect((await run("list")).stdout).to.equal("");
    expect((await runJson("gc")).json).to.include({ blocks: 2, references: 3 });
    const empty = await run("check");
    expect([empty.exitCode, empty.stdout]).to.deep.equal([4, ""]);
    expect(await readFile(join(temporary.path("model"), "weights.bin"))).to.have.length(MIB + 1);
  });

  it("exports an archive that any reader takes, and imports it without the model", async function () {
    const { root, blocks } = await pinFolder();
    const car = temporary.path("model.car");
    const exported = await runJson("export", root, car);
    expect(exported.json).to.include({ root, blocks: blocks.length, size: (await readFile(car)).length });
    const reader = await CarReader.fromBytes(await readFile(car));
    expect((await reader.getRoots()).map(String)).to.deep.equal([root]);
    const found: string[] = [];
    for await (const { cid } of reader.blocks()) found.push(cid.toString());
    expect(found).to.have.members(blocks.map(({ cid }) => cid.toString()));
    expect(found[0]).to.equal(root);

    const elsewhere = temporary.path("elsewhere");
    const imported = await runCommand(["store", "import", car, "--store-path", elsewhere]);
    expect(imported).to.deep.include({ exitCode: 0, stdout: root });
    const store = new LocalStore(elsewhere);
    for (const { cid, bytes } of blocks) expect(Buffer.from(bytes).equals(await store.get(cid))).to.equal(true);
    const checked = await runCommand(["store", "check", "--store-path", elsewhere]);
    expect(checked).to.deep.include({ exitCode: 0 });
    expect(checked.stdout).to.match(/^OK: 5 blocks and 0 references/);
  });

  it("names what is damaged and which pin needs it, and exports nothing of it", async function () {
    const { root, folder } = await pinFolder();
    await truncate(join(folder, "weights.bin"), 10);
    const checked = await run("check");
    expect(checked.exitCode).to.equal(1);
    expect(checked.stdout).to.include(join(folder, "weights.bin")).and.to.include(`needed by ${root}`);
    expect(checked.stdout).to.include("FAILED: 2 faults");
    const report = await runJson("check");
    expect(report.json).to.include({ exitCode: 1 });
    const exported = await run("export", root, temporary.path("model.car"));
    expect(exported).to.include({ exitCode: 4, stdout: "" });
    expect(exported.stderr).to.include(join(folder, "weights.bin"));
    expect((await readdir(temporary.path())).sort()).to.deep.equal(["model", "store"]);
  });

  it("imports nothing of an archive that is damaged or lacks a block", async function () {
    const { root, blocks } = await pinFolder();
    const car = temporary.path("model.car");
    await run("export", root, car);
    await writeCarFile(temporary.path("lacking.car"), CID.parse(root), blocks.slice(1));
    const lacking = await readFile(temporary.path("lacking.car"));
    const bytes = await readFile(car);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 5) ^ 1, damaged.length - 5);
    const contents = [damaged, lacking, bytes.subarray(0, -1), bytes.subarray(0, 400), Buffer.from("no archive")];
    for (const [i, content] of contents.entries()) {
      await writeFile(car, content);
      const elsewhere = ["--store-path", temporary.path(`elsewhere-${i}`)];
      const imported = await runCommand(["store", "import", car, ...elsewhere]);
      expect(imported, String(i)).to.deep.include({ exitCode: 1, stdout: "" });
      expect((await runCommand(["store", "list", ...elsewhere])).stdout).to.equal("");
    }
    expect((await run("import", temporary.path("none.car"))).exitCode).to.equal(2);
    expect((await run("import", temporary.path())).exitCode).to.equal(2);
  });

  it("answers with 2 to what it cannot do", async function () {
    for (const args of [["list"], ["check"], ["gc"], ["unpin", "bafkqaaa"], ["serve"]]) {
      const result = await run(...args);
      expect([result.exitCode, result.stdout], args.join(" ")).to.deep.equal([2, ""]);
    }
    await pinFolder();
    for (const args of [
      ["unpin"],
      ["unpin", "x"],
      ["export", "x", "y"],
      ["export", "bafkqaaa"],
      ["serve", "--port", "x"],
    ]) {
      const result = await run(...args);
      expect([result.exitCode, result.stdout], args.join(" ")).to.deep.equal([2, ""]);
    }
    const taken = await run("serve", "--host", "192.0.2.1");
    expect([taken.exitCode, taken.stdout]).to.deep.equal([2, ""]);
  });

  it("serves what is pinned until it is told to stop", async function () {
    const { root } = await pinFolder();
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, [BIN, "store", "serve", "--port", "0", "--json"], {
      env: { PATH, HOME, STORE_PATH: storePath() },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    for await (const line of createInterface({ input: child.stdout })) {
      text += line;
      if (line === "}") break;
    }
    const { url } = JSON.parse(text) as { url: string };
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${url}/ipfs/${root}/config.json`)).text()).to.equal("{}");
    child.kill("SIGTERM");
    const [exitCode, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect([exitCode, signal]).to.deep.equal([0, null]);
  });
});
