import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { COLUMNS } from "../../src/hub/columns.ts";
import { BIN } from "../helpers/built-command.ts";
import { HUB_MODELS, toHubRepo } from "../helpers/servers/hub-models.ts";
import { hubRepo, lfsFile } from "../helpers/servers/hub-repo.ts";
import { expectExit, useImport } from "../helpers/use-import.ts";

describe("what follows on model-provenance import", function () {
  const { temporary, hub, environment, run, readChain } = useImport();

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
    await writeFile(temporary.path("policy.yaml"), 'schemaVersion: "1.0"\nformats:\n  allow: [safetensors]\n');
    for (const needsFiles of [["--token", token, "--fast"], ["--cid"], ["--policy", temporary.path("policy.yaml")]]) {
      const refused = await run("verify", path, ...needsFiles);
      expectExit(refused, 2);
      expect(refused.stderr).to.include("download");
    }
  });

  it("goes on after kill -9, and records every model once", async function () {
    const repos = Array.from({ length: 40 }, (_, i) => {
      return hubRepo(`lab/model-${i}`, { "config.json": `{"n":${i}}`, "model.bin": lfsFile(`weights ${i}`) });
    });
    hub.server().add(...repos);
    const earlier = `lab/gone,Bert,1,N/A,other,N/A,2023${",N/A".repeat(16)}`;
    await writeFile(
      temporary.path("models_metadata.csv"),
      `${COLUMNS.join(",")}\n${earlier.split(",").slice(0, 7).join(",")}\n`,
    );
    const args = ["import", "--author", "lab", "--batch-size", "15", "--json", "--hf-concurrency", "2"];
    // Stopped while the Hub waits to answer: the process cannot be further than that request.
    for (const stopAt of [3, 12, 21, 33]) {
      const killed = new Promise<void>((resolve, reject) => {
        const child = spawn(process.execPath, [BIN, ...args], {
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
    const table = (await readFile(temporary.path("models_metadata.csv"), "utf8")).trimEnd().split("\r\n");
    expect(table[1]).to.equal(earlier);
    expect(table.length).to.equal(42);
    const named = (line: string) => [line.split(",")[0], line.split(",")[9]];
    const places = new Map(entries.map(({ data, transaction }) => [data["Model Name"], transaction["hash"]]));
    expect(new Map(table.slice(2).map(named) as [string, string][])).to.deep.equal(
      new Map([...places].filter(([name]) => name !== undefined)),
    );
    expect(new Set(entries.map(({ data }) => data["Model Name"])).size).to.equal(41);
    expect(new Set(entries.slice(1).map(({ transaction }) => transaction["hash"])).size).to.be.at.most(7);
    expectExit(await run("export", "--check", temporary.path("blockchain_data.json")), 0);
  });

  it("watches what it recorded", async function () {
    expectExit(await run("import", "--watch", "--json"), 2);
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
