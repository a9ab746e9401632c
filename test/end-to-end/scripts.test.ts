import { appendFile, cp, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { runCommand } from "../helpers/run-command.ts";
import { expectExit, expectRefused, useScriptStory } from "../helpers/script-story.ts";

const STRANGER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"; // the second account of every development chain

describe("scripts against a JSON-RPC node", function () {
  const story = useScriptStory();

  // The story is one chain of events: each step stands on those before.
  it("deploys, mints, and verifies", async function () {
    const deployed = await story.run("deploy");
    expectExit(deployed, 0);
    expect(deployed.stdout).to.match(/^0x[0-9a-fA-F]{40}$/);

    const minted = await story.run("mint", { MODEL_VERSION: "1.0.0", ROYALTY_BPS: "250", OUTPUT_FORMAT: "json" });
    expectExit(minted, 0);
    const token = JSON.parse(minted.stdout) as { tokenId: string; existing: boolean; registry: string };
    expect(token.existing).to.equal(false);
    expect(token.registry).to.equal(deployed.stdout);
    const claim = JSON.parse(await readFile(join(story.model(), "model-provenance.json"), "utf8")) as {
      tokenId: string;
    };
    expect(claim.tokenId).to.equal(token.tokenId);

    const verified = await story.run("verify", { VERBOSE: "1" });
    expectExit(verified, 0);
    expect(verified.stdout).to.match(/^VERIFIED: /);
    for (const name of ["README.md", "config.json", "model.safetensors", "training-config.json"]) {
      expect(verified.stdout).to.match(new RegExp(`${name} .* OK `));
    }
  });

  it("prints one JSON document", async function () {
    const { stdout, exitCode } = await story.run("verify", { OUTPUT_FORMAT: "json" });
    const report = JSON.parse(stdout) as { schemaVersion: string; verdict: string; exitCode: number };
    expect(report).to.include({ schemaVersion: "1.0", verdict: "verified", exitCode: 0 });
    expect(exitCode).to.equal(0);
  });

  it("reports a model that is minted with the same metadata, and sends nothing", async function () {
    const again = await story.run("mint", { MODEL_VERSION: "1.0.0", ROYALTY_BPS: "250", OUTPUT_FORMAT: "json" });
    expectExit(again, 0);
    expect(JSON.parse(again.stdout)).to.include({ existing: true }).and.not.to.have.property("transaction");
  });

  it("refuses to mint with other metadata, and shows both", async function () {
    const other = await story.run("mint", { MODEL_VERSION: "1.0.1" });
    expectExit(other, 6);
    expect(other.stderr).to.include("ALREADY_MINTED");
    expect(other.stderr.match(/ipfs:\/\/bafkrei/g)).to.have.length(2);
  });

  it("names the file that was changed, with both digests", async function () {
    const path = await story.copyModel("tampered");
    await appendFile(join(path, "model.safetensors"), "x");
    const result = await story.run("verify", { MODEL_PATH: path, VERBOSE: "1" });
    expectRefused(result, 1);
    expect(result.stdout).to.match(/model\.safetensors .* MISMATCH {2}expected [0-9a-f]{64}/);
    expect(result.stdout).to.match(/actual {3}[0-9a-f]{64}/);
    expect(result.stdout).to.match(/config\.json .* OK /);
  });

  it("needs nothing else on the command line than the network's name", async function () {
    const { MODEL_PATH: _, ...environment } = story.environment();
    const result = await runCommand(["verify", story.model(), "--network", "localhost", "--json"], environment);
    expect(result.exitCode, result.stderr).to.equal(0);
    expect(JSON.parse(result.stdout)).to.include({ verdict: "verified" });
  });

  it("does what any verb does by one script", async function () {
    const listed = await story.run("run", { VERB: "roles list", OUTPUT_FORMAT: "json" });
    expectExit(listed, 0);
    expect((JSON.parse(listed.stdout) as { holders: { role: string }[] }).holders).to.not.deep.equal([]);
    const unknown = await story.run("run", { VERB: "role list" });
    expectExit(unknown, 2);
    expect(unknown.stderr).to.include('Did you mean VERB="roles list"?');
  });

  it("tells renamed, missing and extra files apart", async function () {
    const renamed = await story.copyModel("renamed");
    await rename(join(renamed, "config.json"), join(renamed, "config.json.bak")); // keeps the order, and so the digest
    const first = await story.run("verify", { MODEL_PATH: renamed });
    expectRefused(first, 1);
    expect(first.stdout).to.match(/config\.json .* RENAMED {2,}now config\.json\.bak/);

    const changed = await story.copyModel("changed");
    await unlink(join(changed, "README.md"));
    await writeFile(join(changed, "notes.txt"), "new");
    const second = await story.run("verify", { MODEL_PATH: changed });
    expectRefused(second, 1);
    expect(second.stdout).to.match(/README\.md +- +MISSING/);
    expect(second.stdout).to.match(/notes\.txt .* EXTRA/);
  });

  it("says that a model nobody minted is not registered, never that it mismatches", async function () {
    const path = story.path("unknown");
    await mkdir(path);
    await writeFile(join(path, "weights.bin"), "nobody minted these");
    const result = await story.run("verify", { MODEL_PATH: path });
    expectRefused(result, 3);
    expect(result.stdout)
      .to.include("NOT REGISTERED")
      .and.not.to.match(/mismatch/i);
  });

  it("finds the release whose weights these are", async function () {
    const path = story.path("weights-only");
    await mkdir(path);
    await cp(join(story.model(), "model.safetensors"), join(path, "model.safetensors"));
    const result = await story.run("verify", { MODEL_PATH: path });
    expectRefused(result, 3);
    expect(result.stdout).to.match(/Its weights are those of token 0x[0-9a-f]{64}/);
  });

  it("compares with the token that is named", async function () {
    const path = story.path("unknown");
    const { stdout, exitCode } = await story.run("verify", { MODEL_PATH: path, TOKEN_ID: story.model() });
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/model\.safetensors +- +MISSING/);
    const { exitCode: unknown } = await story.run("verify", { TOKEN_ID: "1" });
    expect(unknown).to.equal(3);
  });

  it("verifies by the emitted manifest root when the store lost the metadata, and says so", async function () {
    const { stdout, stderr, exitCode } = await story.run("verify", {
      STORE_PATH: story.path("empty-store"),
      VERBOSE: "1",
    });
    expect(exitCode).to.equal(0);
    expect(stdout).to.include("manifest root");
    expect(stderr).to.match(/warning: The local store at .* does not hold bafkrei/);
  });

  it("mints another folder, as a version of the first", async function () {
    const path = story.path("second");
    await mkdir(join(path, "sub"), { recursive: true });
    await writeFile(join(path, "sub/weights.bin"), "second");
    const options = { MODEL_PATH: path, PARENT_MODEL: story.model(), MODEL_VERSION: "2.0.0", MODEL_LICENSE: "mit" };
    const missing = await story.run("mint", options);
    expectExit(missing, 2);
    expect(missing.stderr).to.include("RELATION");
    expectExit(await story.run("mint", { ...options, RELATION: "version", CLAIM_FILE: "0" }), 0);
    const verified = await story.run("verify", { MODEL_PATH: path });
    expectExit(verified, 0);
    expect(verified.stdout)
      .to.match(/relation +version of 0x/)
      .and.to.match(/licence +MIT/);
  });

  it("refuses an account without the minter role, a strange parent, and too dear a mint", async function () {
    const path = story.path("unknown");
    const stranger = await story.run("mint", { MODEL_PATH: path, MINT_FROM: STRANGER });
    expectExit(stranger, 6);
    expect(stranger.stderr).to.include("NOT_MINTER").and.to.include(STRANGER);
    const orphan = await story.run("mint", { MODEL_PATH: path, PARENT_MODEL: "0x77", RELATION: "fine-tune" });
    expectExit(orphan, 3);
    expect(orphan.stderr).to.include("PARENT_UNKNOWN");
    const dear = await story.run("mint", { MODEL_PATH: path, MAX_COST: "0.000000001" });
    expectExit(dear, 6);
    expect(dear.stderr).to.include("COST_TOO_HIGH");
    expectExit(await story.run("verify", { MODEL_PATH: path }), 3);
  });

  it("shows what it would do in a dry run, and does none of it", async function () {
    const path = story.path("unknown");
    const { stdout, exitCode } = await story.run("mint", {
      MODEL_PATH: path,
      DRY_RUN: "1",
      STORE_PATH: story.path("dry"),
    });
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout)).to.have.nested.property("provenance.modelDigest");
    expectExit(await story.run("verify", { MODEL_PATH: path }), 3);
  });

  it("pins the same metadata that mint would record", async function () {
    const pinned = await story.run("pin", { MODEL_VERSION: "1.0.0", ROYALTY_BPS: "250" });
    expectExit(pinned, 0);
    const verified = JSON.parse((await story.run("verify", { OUTPUT_FORMAT: "json" })).stdout) as {
      record: { metadataDigest: string };
    };
    const { CID } = await import("multiformats/cid");
    const digest = Buffer.from(CID.parse(pinned.stdout.slice("ipfs://".length)).multihash.digest).toString("hex");
    expect(verified.record.metadataDigest).to.equal(`0x${digest}`);
  });
});
