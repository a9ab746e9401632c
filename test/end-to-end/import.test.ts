import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { deployToNode } from "../helpers/deploy-to-node.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { type CommandResult, runCommand } from "../helpers/run-command.ts";
import { CYCLE, REFUSED_REPOS, STRANGE_TEXTS } from "../helpers/servers/hostile-repos.ts";
import { HUB_MODELS, toHubRepo } from "../helpers/servers/hub-models.ts";
import { hubRepo, lfsFile } from "../helpers/servers/hub-repo.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useHub } from "../helpers/use-hub.ts";

interface Entry {
  index: number;
  timestamp: string;
  data: Record<string, unknown>;
  previous_hash: string;
  hash: string;
  transaction: Record<string, unknown>;
}

describe("model-provenance import", function () {
  const temporary = useTemporaryFolder();
  const hub = useHub({ pageSize: 3, treePageSize: 3 });
  let chain: { url: string; close: () => Promise<void> };
  let registry: string;

  before(async function () {
    chain = await startChain(1337);
  });

  after(async function () {
    await chain.close();
  });

  beforeEach(async function () {
    registry = await deployToNode(chain.url);
  });

  const environment = () => ({
    HF_ENDPOINT: hub.server().url,
    RPC_URL: chain.url,
    MODEL_PROVENANCE_ADDRESS: registry,
    STORE_PATH: temporary.path("store"),
    IMPORT_STATE: temporary.path("state/import.jsonl"),
    MODELS_CSV: temporary.path("models_metadata.csv"),
    BLOCKCHAIN_DATA: temporary.path("blockchain_data.json"),
  });
  const run = async (...args: string[]): Promise<CommandResult> => runCommand(args, environment());
  const readChain = async () => JSON.parse(await readFile(temporary.path("blockchain_data.json"), "utf8")) as Entry[];
  const expectExit = ({ exitCode, stdout, stderr }: CommandResult, expected: number) =>
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(expected);

  it("shows, writes and records the four models of the proof of concept", async function () {
    hub.server().add(...HUB_MODELS.map(toHubRepo));
    const imported = await run("import", "--random", "4", "--seed", "poc");
    expectExit(imported, 0);
    for (const { id, expected } of HUB_MODELS) {
      expect(imported.stdout).to.include(id).and.to.include(expected["architecture"]);
    }
    expect(imported.stdout).to.match(/recorded 4 in the batch 0x[0-9a-f]{64}, transaction 0x[0-9a-f]{64}/);

    const lines = (await readFile(temporary.path("models_metadata.csv"), "utf8")).split("\r\n");
    expect(lines[0]).to.match(
      /^Model Name,Architecture,Vocabulary Size,Special Tokens,Model Category,Model Type,Last Modified,/,
    );
    for (const { id, expected } of HUB_MODELS) {
      const { architecture, vocabularySize, specialTokens, category, type, lastModified } = expected as Record<
        string,
        string
      >;
      const tokens = `"${JSON.stringify(specialTokens).replaceAll('"', '""')}"`;
      const line = [id, architecture, vocabularySize, tokens, category, type, lastModified].join(",");
      expect(
        lines.some((written) => written.startsWith(`${line},`)),
        line,
      ).to.equal(true);
    }

    const entries = await readChain();
    expect(entries.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(entries[0]).to.deep.include({ previous_hash: "0" });
    expect(entries[1]?.data).to.include.keys("Model Name", "Vocabulary Size", "modelDigest", "record");
    const checked = await run("export", "--check", temporary.path("blockchain_data.json"), "--json");
    expectExit(checked, 0);
    expect(JSON.parse(checked.stdout)).to.deep.include({ verdict: "verified", entries: 5, faults: [] });

    const again = await run("import", "--random", "4", "--seed", "poc", "--json");
    expectExit(again, 0);
    const document = JSON.parse(again.stdout) as { recorded: unknown[]; models: { status: string }[] };
    expect(document.recorded).to.deep.equal([]);
    expect(document.models.map(({ status }) => status)).to.deep.equal(["known", "known", "known", "known"]);
    expect(await readChain()).to.deep.equal(entries);
  });

  it("says how many failed and why, and records the others", async function () {
    hub
      .server()
      .add(...HUB_MODELS.map(toHubRepo), ...CYCLE, ...STRANGE_TEXTS, ...REFUSED_REPOS.map(({ repo }) => repo));
    const imported = await run("import", "--random", "100", "--batch-size", "4", "--json");
    expectExit(imported, 4);
    const { failed, recorded, selected } = JSON.parse(imported.stdout) as {
      failed: { repository: string; code: string }[];
      recorded: { count: number }[];
      selected: number;
    };
    expect(failed.length).to.equal(REFUSED_REPOS.length);
    for (const { repo, code } of REFUSED_REPOS) {
      expect(failed.find(({ repository }) => repository === repo.id)?.code, repo.id).to.equal(code);
    }
    expect(recorded.reduce((sum, { count }) => sum + count, 0)).to.equal(selected - failed.length);
    expect(recorded.map(({ count }) => count)).to.deep.equal([4, 4, 3]);
    expectExit(await run("export", "--check", temporary.path("blockchain_data.json")), 0);
    const text = `${await readFile(temporary.path("models_metadata.csv"), "utf8")}`;
    for (const line of text.split("\r\n")) expect(line).to.not.match(/^[=+\-@\t]|,[=+@\t]/);
    const shown = await run("import", "--random", "100", "--dry-run");

    expect(shown.stdout + shown.stderr).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  });

  it("finds every edited field, also where the hashes were computed anew", async function () {
    hub.server().add(...HUB_MODELS.slice(0, 2).map(toHubRepo), hubRepo("m/one", { "model.bin": lfsFile("1") }));
    expectExit(await run("import", "--models", HUB_MODELS[0]?.id ?? ""), 0);
    expectExit(await run("import", "--models", `${HUB_MODELS[1]?.id},m/one`), 0);
    const entries = await readChain();
    expect(entries.map(({ data }) => (data["record"] as { type?: string } | undefined)?.type)).to.deep.equal([
      undefined,
      "token",
      "batch",
      "batch",
    ]);
    const { hashRegistration } = await import("../../src/hub/registration.ts");
    const check = async (changed: Entry[]) => {
      let previous = "0";
      const relinked = changed.map((entry) => {
        const linked = { ...entry, previous_hash: previous };
        const hash = hashRegistration(linked as never);
        previous = hash;
        return { ...linked, hash };
      });
      await writeFile(temporary.path("edited.json"), JSON.stringify(relinked));
      return run("export", "--check", temporary.path("edited.json"), "--json");
    };
    expectExit(await check(entries), 0);
    const edits: [number, (entry: Entry) => unknown, string][] = [
      [0, (entry) => (entry.data["registry"] = `eip155:1:${registry}`), "data.registry"],
      [1, (entry) => (entry.data["Vocabulary Size"] = 1), "data.Vocabulary Size"],
      [2, (entry) => (entry.data["Architecture"] = "Other"), "data.Architecture"],
      [2, (entry) => (entry.data["license"] = "MIT"), "data.license"],
      [3, (entry) => (entry.timestamp = "2020-01-01T00:00:00.000Z"), "timestamp"],
      [3, (entry) => (entry.transaction["blockNumber"] = 1), "transaction.blockNumber"],
      [1, (entry) => (entry.data["more"] = true), "data.more"],
      [2, (entry) => delete entry.data["revision"], "data.revision"],
      [3, (entry) => (entry.data["modelDigest"] = `0x${"11".repeat(32)}`), "data.modelDigest"],
    ];
    for (const [index, edit, field] of edits) {
      const changed = structuredClone(entries);
      edit(changed[index] as Entry);
      const result = await check(changed);
      expectExit(result, 1);
      const { faults } = JSON.parse(result.stdout) as { faults: { index: number; field: string }[] };
      expect(
        faults.map((fault) => [fault.index, fault.field]),
        field,
      ).to.deep.include([index, field]);
    }
    const kept = structuredClone(entries);
    (kept[2] as Entry).data["Architecture"] = "Other";
    await writeFile(temporary.path("edited.json"), JSON.stringify(kept));
    const plain = await run("export", "--check", temporary.path("edited.json"), "--json");
    expectExit(plain, 1);
    expect(plain.stdout).to.include("hash");
  });

  it("lets anybody verify a model of the Hub before it is downloaded, and its copy after", async function () {
    const repo = toHubRepo(HUB_MODELS[3]!);
    hub.server().add(repo);
    const path = `hf:${repo.id}`;
    const unknown = await run("verify", path);
    expectExit(unknown, 3);
    expectExit(await run("import", "--models", repo.id, "--download", "--download-path", temporary.path("copies")), 0);
    hub.server().requests.length = 0;
    const verified = await run("verify", path, "--json");
    expectExit(verified, 0);
    expect(JSON.parse(verified.stdout)).to.deep.include({ verdict: "verified", exitCode: 0 });
    expect(hub.server().requests.filter(({ atContent }) => atContent)).to.deep.equal([]);
    expectExit(await run("verify", temporary.path("copies", repo.id)), 0);
    const [hashed, copied] = [
      await run("hash", path, "--json"),
      await run("hash", temporary.path("copies", repo.id), "--json"),
    ];
    for (const key of ["modelDigest", "manifestRoot", "weightsDigest"]) {
      const [onHub, onDisk] = [hashed, copied].map(
        ({ stdout }) => (JSON.parse(stdout) as Record<string, unknown>)[key],
      );
      expect(onHub, key).to.equal(onDisk);
    }
    const token = (JSON.parse(verified.stdout) as { record: { tokenId: string } }).record.tokenId;
    hub.server().push(repo.id, { "README.md": "changed", "model.safetensors": lfsFile("other") });
    expectExit(await run("verify", path), 3);
    const named = await run("verify", path, "--token", token);
    expectExit(named, 1);
    expect(named.stdout).to.match(/model\.safetensors .* MISMATCH/);
    expectExit(await run("verify", `${path}@${repo.commits[0]?.sha}`), 0);
    expectExit(await run("verify", path, "--token", token, "--fast"), 2);
  });

  it("goes on after kill -9, and records every model once", async function () {
    const repos = Array.from({ length: 40 }, (_, i) => {
      return hubRepo(`lab/model-${i}`, { "config.json": `{"n":${i}}`, "model.bin": lfsFile(`weights ${i}`) });
    });
    hub.server().add(...repos);
    const bin = join(import.meta.dirname, "../../src/cli/bin.ts");
    const args = ["import", "--author", "lab", "--batch-size", "15", "--json", "--concurrency", "2"];
    // Stopped while the Hub waits to answer: the process cannot be further than that request.
    for (const stopAt of [3, 12, 21, 33]) {
      const killed = new Promise<void>((resolve, reject) => {
        const child = spawn(process.execPath, [bin, ...args], {
          env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment() },
          stdio: "ignore",
        });
        let asked = 0;
        hub.server().fail({
          path: /\/resolve\//,
          times: Infinity,
          before: () => {
            if (++asked === stopAt) child.kill("SIGKILL");
          },
        });
        child.on("error", reject);
        child.on("close", () => resolve());
      });
      await killed;
      hub.server().faults.length = 0;
    }
    const finished = await run(...args);
    expectExit(finished, 0);
    const entries = await readChain();
    expect(entries.length).to.equal(41);
    expect(new Set(entries.map(({ data }) => data["Model Name"])).size).to.equal(41);
    expect(new Set(entries.slice(1).map(({ transaction }) => transaction["hash"])).size).to.be.at.most(7);
    expectExit(await run("export", "--check", temporary.path("blockchain_data.json")), 0);
  });

  it("watches what it recorded", async function () {
    const ids = ["files", "license", "moved", "gone", "same", "readme", "closed"];
    const card = (license: string, text = "") => `---\nlicense: ${license}\n---\n${text}`;
    hub
      .server()
      .add(...ids.map((name) => hubRepo(`lab/${name}`, { "README.md": card("mit"), "model.bin": lfsFile(name) })));
    expectExit(await run("import", "--author", "lab"), 0);
    const quiet = await run("import", "--watch", "--json");
    expectExit(quiet, 0);
    expect(JSON.parse(quiet.stdout)).to.deep.include({ watched: 7, unchanged: 7, changed: 0, vanished: 0 });

    hub.server().push("lab/files", { "README.md": card("mit"), "model.bin": lfsFile("other weights") });
    hub.server().push("lab/license", { "README.md": card("apache-2.0"), "model.bin": lfsFile("license") });
    hub.server().push("lab/readme", { "README.md": card("mit", "More."), "model.bin": lfsFile("readme") });
    hub.server().rename("lab/moved", "else/moved");
    hub.server().remove("lab/gone");
    hub.server().repos.set("lab/closed", { ...hub.server().repos.get("lab/closed")!, access: "private" });
    const changed = await run("import", "--watch", "--json");
    expectExit(changed, 1);
    const { models } = JSON.parse(changed.stdout) as {
      models: { repository: string; status: string; changes: { what: string }[] }[];
    };
    const found = Object.fromEntries(
      models.map(({ repository, status, changes }) => [repository, [status, ...changes.map(({ what }) => what)]]),
    );
    expect(found).to.deep.equal({
      "lab/files": ["changed", "files", "weights"],
      "lab/license": ["changed", "files", "license"],
      "lab/readme": ["changed", "files"],
      "lab/moved": ["changed", "owner"],
      "lab/gone": ["vanished", "vanished"],
      "lab/closed": ["vanished", "vanished"],
    });
    const shown = await run("import", "--watch");
    expectExit(shown, 1);
    expect(shown.stdout).to.include("1 unchanged, 4 changed, 2 vanished");
  });
});
