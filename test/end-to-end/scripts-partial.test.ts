import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { expectExit, expectRefused, useScriptStory } from "../helpers/script-story.ts";

const NO_CONTRACT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("scripts that read less, or are given less", function () {
  const story = useScriptStory();

  before(async function () {
    expectExit(await story.run("deploy"), 0);
  });

  it("records the CID, verifies by it, and proves a single file without a chain", async function () {
    const path = story.path("with-cid");
    await mkdir(path);
    const weights = join(path, "weights.bin");
    await writeFile(weights, Buffer.alloc(3 * 1024 * 1024, "w"));
    await writeFile(join(path, "notes.txt"), "notes");
    const minted = await story.run("mint", {
      MODEL_PATH: path,
      MODEL_LICENSE: "mit",
      WITH_CID: "1",
      OUTPUT_FORMAT: "json",
    });
    expectExit(minted, 0);
    const { tokenId: TOKEN_ID } = JSON.parse(minted.stdout) as { tokenId: string };

    const fast = await story.run("verify", { MODEL_PATH: path, VERIFY_FAST: "1", TOKEN_ID });
    expectExit(fast, 0);
    expect(fast.stdout).to.include("no SHA-256 of whole files was computed");
    expectRefused(await story.run("verify", { MODEL_PATH: path, VERIFY_FAST: "1" }), 4);

    const proof = story.path("weights.proof.json");
    const only = await story.run("verify", {
      MODEL_PATH: path,
      VERIFY_ONLY: "weights.bin",
      EXPORT_PROOF: proof,
      TOKEN_ID,
    });
    expectExit(only, 0);
    expect(only.stdout).to.include("Only 1 of 2 files were checked");
    const { manifestRoot: MANIFEST_ROOT } = JSON.parse(await readFile(proof, "utf8")) as { manifestRoot: string };
    const offline = { MODEL_PATH: weights, PROOF_FILE: proof, MANIFEST_ROOT, LOCALHOST_RPC_URL: "http://127.0.0.1:1" };
    expectExit(await story.run("verify", offline), 0);
    expectExit(await story.run("verify", { MODEL_PATH: weights, PROOF_FILE: proof }), 0);

    await appendFile(weights, "x");
    const damaged = await story.run("verify", { MODEL_PATH: path });
    expectRefused(damaged, 1);
    expect(damaged.stdout).to.include("1 byte too many");
    await writeFile(weights, Buffer.concat([Buffer.alloc(1024 * 1024), Buffer.alloc(2 * 1024 * 1024, "w")]));
    const range = await story.run("verify", { MODEL_PATH: path, VERIFY_FAST: "1" });
    expectRefused(range, 1);
    expect(range.stdout).to.include("bytes 0-1048575 (1 MiB)");
    expectRefused(await story.run("verify", offline), 1);
  });

  it("gives one line for what is missing or empty", async function () {
    const empty = story.path("empty");
    await mkdir(empty);
    for (const [more, code] of [
      [{ MODEL_PATH: "" }, "OPTION_MISSING"],
      [{ MODEL_PATH: story.path("nowhere") }, "MODEL_NOT_FOUND"],
      [{ MODEL_PATH: empty }, "MODEL_EMPTY"],
      [{ MODEL_PROVENANCE_ADDRESS: NO_CONTRACT }, "REGISTRY_NOT_FOUND"],
      [{ MODEL_PROVENANCE_ADDRESS: "0x12" }, "OPTION_INVALID"],
    ] as const) {
      const result = await story.run("verify", more);
      expectExit(result, 2);
      expect(result.stderr).to.match(new RegExp(`^error\\[${code}\\]: [^\\n]*$`));
    }
  });
});
