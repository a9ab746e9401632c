import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { CYCLE, REFUSED_REPOS, STRANGE_TEXTS } from "../helpers/servers/hostile-repos.ts";
import { HUB_MODELS, toHubRepo } from "../helpers/servers/hub-models.ts";
import { hubRepo, lfsFile } from "../helpers/servers/hub-repo.ts";
import { type Entry, expectExit, useImport } from "../helpers/use-import.ts";

describe("model-provenance import", function () {
  const { temporary, hub, registry, run, readChain } = useImport();

  it("shows, writes and records the four models of the proof of concept", async function () {
    hub.server().add(...HUB_MODELS.map(toHubRepo));
    const imported = await run("import", "--random", "4", "--seed", "poc");
    expectExit(imported, 0);
    const shown = imported.stdout.split("\n");
    for (const line of shown.slice(0, shown.indexOf(""))) expect(line.length, line).to.be.at.most(80);
    for (const { id, expected } of HUB_MODELS) {
      const beginning = (text: unknown) => String(text).slice(0, 8);
      const line = shown.find(
        (text) => text.startsWith(beginning(id)) && text.includes(beginning(expected["architecture"])),
      );
      expect(line, id).to.be.a("string");
    }
    expect(imported.stdout).to.match(/recorded 4 in the batch 0x[0-9a-f]{64}, transaction 0x[0-9a-f]{64}/);

    const lines = (await readFile(temporary.path("models_metadata.csv"), "utf8")).split("\r\n");
    expect(lines[0]).to.match(
      /^Model Name,Architecture,Vocabulary Size,Special Tokens,Model Category,Model Type,Last Modified,Token,Batch,Transaction,Revision,License,/,
    );
    const [, root, hash] = /in the batch (0x[0-9a-f]+), transaction (0x[0-9a-f]+)/.exec(imported.stdout) ?? [];
    for (const line of lines.slice(1, 5)) expect(line).to.include(`,N/A,${root},${hash},`);
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

    for (const { id } of HUB_MODELS) {
      const verified = await run("verify", `hf:${id}`, "--json");
      expectExit(verified, 0);
      expect(JSON.parse(verified.stdout)).to.include({ verdict: "verified" }).and.to.include.keys("batch");
    }

    const again = await run("import", "--random", "4", "--seed", "poc", "--json");
    expectExit(again, 0);
    const document = JSON.parse(again.stdout) as { recorded: unknown[]; models: { status: string }[] };
    expect(document.recorded).to.deep.equal([]);
    expect(document.models.map(({ status }) => status)).to.deep.equal(["known", "known", "known", "known"]);
    expect(await readChain()).to.deep.equal(entries);
    hub.server().add(hubRepo("m/later", { "model.bin": lfsFile("later") }));
    expectExit(await run("import", "--models", "m/later", "--dry-run"), 0);
    expectExit(await run("import", "--models", `m/later,${HUB_MODELS[0]?.id}`), 0);
    const grown = (await readFile(temporary.path("models_metadata.csv"), "utf8")).split("\r\n");
    expect(grown.slice(0, 5)).to.deep.equal(lines.slice(0, 5));
    const last = (await readChain()).at(-1);
    const { modelDigest } = last?.data as { modelDigest: string };
    expect(grown.slice(5).map((line) => line.split(",").slice(0, 10))).to.deep.equal([
      [
        "m/later",
        "N/A",
        "N/A",
        "N/A",
        "other",
        "N/A",
        grown[5]?.split(",")[6],
        modelDigest,
        "N/A",
        last?.transaction["hash"],
      ],
      [""],
    ]);
  });

  it("begins nothing where the table it is to extend is another file", async function () {
    hub.server().add(hubRepo("m/one", { "model.bin": lfsFile("1") }));
    await writeFile(temporary.path("models_metadata.csv"), "my,own,notes\n");
    const refused = await run("import", "--models", "m/one");
    expectExit(refused, 2);
    expect(refused.stderr).to.include("is no table of models");
    expect(await readFile(temporary.path("models_metadata.csv"), "utf8")).to.equal("my,own,notes\n");
    expect(existsSync(temporary.path("blockchain_data.json"))).to.equal(false);
  });

  it("says in a dry run what recording would take, and does nothing of it", async function () {
    hub.server().add(...HUB_MODELS.map(toHubRepo));
    for (const [limit, records] of [
      ["4", "at most 4 models, in one batch"],
      ["1", "one model, as a token"],
    ] as const) {
      const shown = await run("import", "--random", limit, "--seed", "poc", "--dry-run");
      expectExit(shown, 0);
      expect(shown.stderr).to.include(records).and.to.include("will be pinned in").and.to.include("public for ever");
      expect(shown.stderr)
        .to.match(/worst cost +[\d.]+ ether/)
        .and.to.match(/signer +0x/);
      const models = limit === "1" ? "one model" : `${limit} models`;
      expect(shown.stderr).to.match(new RegExp(`public for ever +the metadata of ${models} \\(names, sizes`));
      expect(shown.stdout).to.include("nothing was recorded");
    }
    expectExit(await run("import", "--random", "4", "--dry-run", "--max-cost", "0.000000001"), 6);
    expect(existsSync(temporary.path("blockchain_data.json"))).to.equal(false);
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
    const token = await run("import", "--models", HUB_MODELS[0]?.id ?? "");
    expectExit(token, 0);
    // Of one model every field that becomes public, as `publish` shows it.
    expect(token.stderr)
      .to.match(/token +0x[0-9a-f]{64} for 0x/)
      .and.match(/public for ever +ipfs:\/\/\w+ \(\d+ bytes of metadata\), which says:/)
      .and.match(/^ +manifestRoot +0x/m);
    const batch = await run("import", "--models", `${HUB_MODELS[1]?.id},m/one`);
    expectExit(batch, 0);
    expect(batch.stderr)
      .to.match(/batch +2 models under the root 0x[0-9a-f]{64}/)
      .and.match(/public for ever +the metadata of 2 models \(\d{3,} bytes, names, sizes/);
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
      [0, (entry) => (entry.data["registry"] = `eip155:1:${registry()}`), "data.registry"],
      [1, (entry) => (entry.data["Vocabulary Size"] = 1), "data.Vocabulary Size"],
      [2, (entry) => (entry.data["Architecture"] = "Other"), "data.Architecture"],
      [2, (entry) => (entry.data["license"] = "MIT"), "data.license"],
      [3, (entry) => (entry.timestamp = "2020-01-01T00:00:00.000Z"), "timestamp"],
      [3, (entry) => (entry.transaction["blockNumber"] = 1), "transaction.blockNumber"],
      [1, (entry) => (entry.data["more"] = true), "data.more"],
      [2, (entry) => delete entry.data["revision"], "data.revision"],
      [3, (entry) => (entry.data["modelDigest"] = `0x${"11".repeat(32)}`), "data.modelDigest"],
      [2, (entry) => (entry.data["creator"] = (entry.data["creator"] as string).toLowerCase()), "data.creator"],
      [1, (entry) => (entry.data["creator"] = (entry.data["creator"] as string).toLowerCase()), "data.creator"],
      [2, (entry) => (entry.data["creator"] = "minter.eth"), "data"],
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
    const copy = structuredClone(entries[3] as Entry);
    copy.data["creator"] = (copy.data["creator"] as string).toLowerCase();
    const again = await check([...entries, { ...copy, index: 4 }]);
    expectExit(again, 1);
    expect(again.stdout).to.include("Entry 4 stands twice");
    const hidden = structuredClone(entries);
    Object.defineProperty((hidden[2] as Entry).data, "__proto__", { value: {}, enumerable: true });
    expectExit(await check(hidden), 1);
    const twice = JSON.stringify(entries).replace('"Architecture":', '"Architecture":"Other","Architecture":');
    await writeFile(temporary.path("edited.json"), twice);
    expectExit(await run("export", "--check", temporary.path("edited.json")), 1);
    const [, second] = structuredClone(entries) as [Entry, Partial<Entry>];
    delete second.timestamp;
    await writeFile(temporary.path("edited.json"), JSON.stringify([entries[0], second]));
    expectExit(await run("export", "--check", temporary.path("edited.json")), 1);
    expectExit(await run("export", "--check", temporary.path("no-such-file.json")), 2);
    const kept = structuredClone(entries);
    (kept[2] as Entry).data["Architecture"] = "Other";
    await writeFile(temporary.path("edited.json"), JSON.stringify(kept));
    const plain = await run("export", "--check", temporary.path("edited.json"), "--json");
    expectExit(plain, 1);
    expect(plain.stdout).to.include("hash");
  });
});
