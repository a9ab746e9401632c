import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { readZip } from "../../src/base/zip-archive.ts";
import { deployToNode } from "../helpers/deploy-to-node.ts";
import { TEST_KEY } from "../helpers/export-key.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { runCommand } from "../helpers/run-command.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { HUB_MODELS, toHubRepo } from "../helpers/servers/hub-models.ts";
import { expectExit, useImport } from "../helpers/use-import.ts";

// The first development account, which deploys and so may mint.
const PRIVATE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("the export verbs", function () {
  const temporary = useTemporaryFolder();
  let chain: { url: string; close: () => Promise<void> };
  let environment: Record<string, string>;
  let model: string;
  const run = async (...args: string[]) => runCommand(args, environment);

  before(async function () {
    chain = await startChain(1337);
  });

  after(async function () {
    await chain.close();
  });

  beforeEach(async function () {
    environment = {
      RPC_URL: chain.url,
      MODEL_PROVENANCE_ADDRESS: await deployToNode(chain.url),
      STORE_PATH: temporary.path("store"),
      STATE_PATH: temporary.path("state"),
      PRIVATE_KEY,
    };
    model = await temporary.write("model", { "README.md": "# A model", "weights.bin": "w" });
    expectExit(await run("publish", model, "--name", "Mine", "--license", "MIT", "--yes"), 0);
  });

  it("write the record of a path and of a token alike, and say with --check what was changed since", async function () {
    const out = temporary.path("mine.cdx.json");
    const written = await run("export", "cyclonedx", model, "--out", out, "--json");
    expectExit(written, 0);
    const { tokenId, status } = JSON.parse(written.stdout) as { tokenId: string; status: string };
    expect(status).to.equal("active");
    const printed = await run("export", "cyclonedx", tokenId);
    const text = await readFile(out, "utf8");
    expect(`${printed.stdout}\n`).to.equal(text);
    expectExit(await run("export", "cyclonedx", tokenId, "--check", out), 0);

    await writeFile(out, text.replace('"MIT"', '"BSD"'));
    const changed = await run("export", "cyclonedx", tokenId, "--check", out);
    expectExit(changed, 1);
    expect(changed.stdout).to.match(/^FAILED.* at byte \d+, line \d+ \(exit 1\)/);

    await writeFile(out, text);
    expectExit(await run("status", "set", tokenId, "revoked", "--reason", "Wrong data.", "--yes"), 0);
    expectExit(await run("export", "cyclonedx", tokenId, "--check", out), 1);
    const revoked = await run("export", "cyclonedx", tokenId);
    expect(revoked.stderr).to.include("The model is revoked");
    expect(revoked.stdout).to.include("Wrong data.");
  });

  it("put all forms into one archive, which says what is in it, and takes nothing from another block for granted", async function () {
    const [out, key] = [temporary.path("mine.zip"), temporary.path("key.pem")];
    await writeFile(key, TEST_KEY);
    const bundle = async (...args: string[]) => run("export", "bundle", model, "--private-key", key, ...args);
    expectExit(await bundle(), 2);
    expectExit(await bundle("--out", out), 0);
    const archive = await readFile(out);
    const files = readZip(archive) ?? [];
    const manifest = JSON.parse(Buffer.from(files[0]?.bytes ?? []).toString()) as { files: { name: string }[] };
    expect(manifest.files.map(({ name }) => name)).to.include.members(["record.cdx.json", "metadata.json"]);

    // Nothing was said of the model, and blocks went by.
    expectExit(await run("publish", await temporary.write("other", { "b.bin": "b" }), "--yes"), 0);
    expectExit(await bundle("--check", out), 0);
    const pack = files.find(({ name }) => name === "record.pack.json");
    for (const { name, bytes } of [...files.slice(1, 3), ...(pack ? [pack] : [])]) {
      const changed = Buffer.from(archive);
      changed[archive.indexOf(bytes) + Math.floor(bytes.length / 2)] = 63;
      await writeFile(out, changed);
      expect((await bundle("--check", out)).exitCode, name).not.to.equal(0);
    }
  });

  it("are read again by publish, which warns of what the files are not", async function () {
    const bom = temporary.path("other.cdx.json");
    expectExit(await run("export", "cyclonedx", model, "--out", bom), 0);
    const changed = await temporary.write("changed", {
      "README.md": "# A model",
      "weights.bin": "other",
      "new.txt": "n",
    });
    const dry = await run("publish", changed, "--from-bom", bom, "--license", "BSD-2-Clause", "--dry-run", "--json");
    expectExit(dry, 0);
    const { metadata } = JSON.parse(dry.stdout) as { metadata: { name: string; provenance: { license: string } } };
    expect(metadata.name).to.equal("Mine");
    expect(metadata.provenance.license).to.equal("BSD-2-Clause");
    expect(dry.stderr)
      .to.match(/bill of materials says [0-9a-f]{64} of "weights.bin"/)
      .and.not.match(/bill of.*"README/);
    expectExit(await run("publish", changed, "--from-bom", changed, "--yes"), 2);
  });

  it("say that a record is not there, and what an option takes", async function () {
    expectExit(await run("export", "cyclonedx", "7"), 3);
    const other = await temporary.write("other", { "a.bin": "other" });
    expectExit(await run("export", "cyclonedx", other), 3);
    expectExit(await run("export", "cyclonedx", model, "--spec", "1.2"), 2);
    expectExit(await run("export", "cyclonedx", model, "--check", temporary.path("none.json")), 2);
  });
});

describe("the export verbs, of a model of the Hub", function () {
  const { temporary, hub, run } = useImport();

  it("write the record of what is on the Hub now, whole, and nothing of what is not recorded", async function () {
    const [vector, other] = HUB_MODELS;
    hub.server().add(...HUB_MODELS.slice(0, 2).map(toHubRepo));
    expectExit(await run("import", "--models", `${vector?.id}`), 0);
    const [bom, zip] = [temporary.path("hub.cdx.json"), temporary.path("hub.zip")];
    expectExit(await run("export", "cyclonedx", `hf:${vector?.id}`, "--out", bom), 0);
    const { components } = JSON.parse(await readFile(bom, "utf8")) as { components: { type: string; name: string }[] };
    const names = components.filter(({ type }) => type === "file").map(({ name }) => name);
    const all = Object.keys({ ...vector?.files, ...vector?.generated }).filter((name) => name !== ".gitattributes");
    expect(names).to.have.members(all);
    expectExit(await run("export", "cyclonedx", `hf:${vector?.id}`, "--check", bom), 0);

    expectExit(await run("export", "bundle", `hf:${vector?.id}`, "--out", zip), 0);
    const record = readZip(await readFile(zip))?.find(({ name }) => name === "record.cdx.json");
    expect(Buffer.from(record?.bytes ?? []).equals(await readFile(bom))).to.equal(true);
    expectExit(await run("export", "cyclonedx", `hf:${other?.id}`), 3);
  });
});
