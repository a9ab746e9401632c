import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { hashModel } from "../../src/model/hash-model.ts";
import { BIN } from "../helpers/built-command.ts";
import { runCommand } from "../helpers/run-command.ts";
import { runMeasured } from "../helpers/run-measured.ts";
import { startForgetfulKubo } from "../helpers/servers/kubo.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FILES = {
  "README.md": "---\nlicense: mit\n---\nA model.",
  "weights.dat": Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(MIB, 2), Buffer.from("rest")]),
  "sub/empty": "",
  "sub/exact.dat": Buffer.alloc(MIB, 3),
};

describe("model-provenance pin and publish, with the model", function () {
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  const ends: (() => Promise<unknown>)[] = [];

  before(async function () {
    served = await serveRegistry();
  });
  after(async function () {
    await served.close();
  });
  afterEach(async function () {
    for (const end of ends.splice(0)) await end();
  });

  function environmentOf(): Record<string, string> {
    return {
      RPC_URL: served.url,
      MODEL_PROVENANCE_ADDRESS: served.registry.address,
      STORE_PATH: temporary.path("store"),
      STATE_PATH: temporary.path("state"),
    };
  }

  /** Serves the store as its verb does, in a process of its own. @returns its URL */
  async function serveStore(environment: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [BIN, "store", "serve", "--port", "0", "--json"], {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    });
    ends.push(async () => child.kill() && once(child, "exit"));
    let text = "";
    for await (const line of createInterface({ input: child.stdout })) {
      text += line;
      if (line === "}") break;
    }
    return (JSON.parse(text) as { url: string }).url;
  }

  async function bytesBelow(folder: string): Promise<number> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return (await Promise.all(files.map(async (file) => (await stat(file)).size))).reduce((sum, size) => sum + size, 0);
  }

  it("what one machine pins and publishes another fetches from its gateway, the same bytes", async function () {
    const model = await temporary.write("model", FILES);
    const environment = environmentOf();
    const pinned = await runCommand(["pin", model, "--with-model", "--json"], environment);
    expect(pinned.exitCode, pinned.stderr).to.equal(0);
    const { cid } = await hashModel(model, { withCid: true });
    const size = Object.values(FILES).reduce((sum, content) => sum + content.length, 0);
    expect(JSON.parse(pinned.stdout)).to.deep.include({
      model: { cid, profile: "unixfs-v1-2025", size, pinned: "content" },
      store: "local",
    });
    const published = await runCommand(["publish", model, "--with-model", "--json"], environment);
    expect(published.exitCode, published.stderr).to.equal(0);
    const { tokenId, uri } = JSON.parse(published.stdout) as { tokenId: string; uri: string };
    expect(uri).to.equal((JSON.parse(pinned.stdout) as { uri: string }).uri);
    expect(await bytesBelow(environment["STORE_PATH"] as string)).to.be.below(65_536);

    const target = temporary.path("fetched");
    const elsewhere = {
      ...environment,
      STORE_PATH: temporary.path("elsewhere"),
      IPFS_GATEWAYS: await serveStore(environment),
    };
    const fetched = await runCommand(["fetch", tokenId, target, "--json"], elsewhere);
    expect(fetched.exitCode, fetched.stderr).to.equal(0);
    expect(JSON.parse(fetched.stdout)).to.deep.include({ verdict: "verified", fetchedBytes: size, warnings: [] });
    for (const [name, content] of Object.entries(FILES)) {
      expect((await readFile(join(target, name))).equals(Buffer.from(content)), name).to.equal(true);
    }
    const verified = await runCommand(["verify", target], elsewhere);
    expect(verified.exitCode, verified.stdout).to.equal(0);
  });

  it("shows before it sends anything that the model goes with it, and how large that is", async function () {
    const model = await temporary.write("model", { ...FILES, more: "a model that is not minted yet" });
    const kubo = await startForgetfulKubo();
    ends.push(kubo.close);
    const environment: Record<string, string> = { ...environmentOf(), STORE: "local,kubo", KUBO_API_URL: kubo.url };
    const published = await runCommand(["publish", model, "--with-model"], environment);
    expect(published.exitCode, published.stderr).to.equal(0);
    expect(published.stderr).to.match(/and with it +the model in full, 3\.\d MB/);
    expect(kubo.imports.map(({ root }) => root)).to.include((await hashModel(model, { withCid: true })).cid);
  });

  it("holds a large model in less than 256 MiB, in a store that refers to it and in one that it is sent to", async function () {
    if (process.platform !== "linux") this.skip();
    const size = 640 * MIB;
    const model = await writeSparse(temporary.path("large.bin"), size);
    const kubo = await startForgetfulKubo();
    ends.push(kubo.close);
    const environment: Record<string, string> = { ...environmentOf(), STORE: "local,kubo", KUBO_API_URL: kubo.url };
    const { exitCode, stderr, peakMebibytes } = await runMeasured(["pin", model, "--with-model"], environment);
    expect(exitCode, stderr).to.equal(0);
    expect(kubo.imports.some(({ bytes }) => bytes > size)).to.equal(true);
    expect(await bytesBelow(environment["STORE_PATH"] as string)).to.be.below(262_144);
    expect(peakMebibytes).to.be.below(256);
  });
});

/** A file of which no two MiB are alike, and that takes next to nothing on the disk. */
async function writeSparse(path: string, size: number): Promise<string> {
  const file = await open(path, "w");
  try {
    await file.truncate(size);
    for (let offset = 0; offset < size; offset += MIB) await file.write(String(offset), offset);
  } finally {
    await file.close();
  }
  return path;
}
