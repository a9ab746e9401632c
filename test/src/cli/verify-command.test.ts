import { appendFile, readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { createProgress } from "../../../src/cli/progress.ts";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { VERIFY } from "../../../src/cli/commands/verify.ts";
import { runVerify } from "../../../src/cli/run/verify.ts";
import { namesOf } from "../../../src/cli/verb.ts";
import { readEnvironment } from "../../../src/cli/options.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { describeDamage } from "../../../src/cli/report/human.ts";
import { toHex32 } from "../../../src/base/hex.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

describe("verify", function () {
  const temporary = useTemporaryFolder();

  async function record() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", { "README.md": "x", "w.bin": Buffer.alloc(4 * MIB, "w") });
    const tokenId = toHex32(await recordModel(deployed, { modelPath, statements: {}, withCid: true }));
    const storePath = temporary.path("store");
    const store = new LocalStore(storePath);
    const { CID } = await import("multiformats/cid");
    const options = { linksOnly: true }; // the content is not pinned
    for (const [cid, bytes] of deployed.store.blocks) {
      await store.pin(CID.parse(cid), [{ cid: CID.parse(cid), bytes }], options);
    }
    const connection: ChainConnection = {
      networkName: "test",
      chainId: 31337n,
      provider: ethers.provider,
      deploymentsFolder: temporary.path("none"),
    };
    const common = {
      MODEL_PATH: modelPath,
      MODEL_PROVENANCE_ADDRESS: deployed.registry.address,
      STORE_PATH: storePath,
      TOKEN_ID: tokenId,
    };
    const run = async (more: Record<string, string>) => {
      const [output, results]: [string[], string[]] = [[], []];
      const write = (text: string) => void output.push(text);
      const terminal: Terminal = {
        print: (text) => {
          results.push(text);
          write(text);
        },
        note: write,
        warn: write,
        progress: () => createProgress({ write: () => undefined }, () => 0),
        ask: async () => false,
        interactive: false,
      };
      let asked = false;
      const connect = async () => ((asked = true), connection);
      const exitCode = await runVerify(readEnvironment(namesOf(VERIFY), { ...common, ...more }), connect, terminal);
      return { exitCode, output: output.join("\n"), result: results.join("\n"), asked };
    };
    return { run, modelPath, weights: `${modelPath}/w.bin` };
  }

  it("prints the damaged ranges, fast and in full, and carries them in JSON", async function () {
    const { run, weights } = await record();
    const content = await readFile(weights);
    content[3 * MIB] = 0;
    await writeFile(weights, content);
    for (const more of [{ VERIFY_FAST: "1" }, { VERIFY_ONLY: "w.bin" }, {}]) {
      const { exitCode, output } = await run(more);
      expect(exitCode).to.equal(1);
      expect(output).to.include("bytes 3145728-4194303 (1 MiB)");
      const json = JSON.parse((await run({ ...more, OUTPUT_FORMAT: "json" })).result) as { files: { name: string }[] };
      expect(json.files.find(({ name }) => name === "w.bin")).to.deep.include({
        damaged: [{ start: 3 * MIB, end: 4 * MIB - 1 }],
      });
    }
    await appendFile(weights, "xy");
    expect((await run({})).output).to.include("2 bytes too many");
    await writeFile(weights, content.subarray(0, 7));
    expect((await run({ VERIFY_FAST: "1" })).output).to.include("truncated at byte 7");
  });

  it("says the verdict first, then what differs, and lists everything where that is wanted", async function () {
    const { run, weights } = await record();
    const short = await run({});
    expect(short.result)
      .to.match(/^VERIFIED: .* \(exit 0\)\n/)
      .and.not.include("README.md");
    expect(short.result).to.not.match(/^(ok|not checked) /m);
    expect(short.output).to.include("--verbose");
    const long = await run({ VERBOSE: "1" });
    expect(long.result)
      .to.match(/^VERIFIED: /)
      .and.include("README.md")
      .and.match(/^ok +the registry's code/m);
    expect(long.result).to.match(/^not checked the training data/m);
    await appendFile(weights, "x");
    const differs = await run({});
    expect(differs.result)
      .to.match(/^MISMATCH: /)
      .and.match(/w\.bin .* MISMATCH/)
      .and.not.include("README.md");
    expect(differs.result).to.match(/^FAILED +the files are those of token/m);
  });

  it("says what was compared", async function () {
    const { run } = await record();
    const fast = await run({ VERIFY_FAST: "1", OUTPUT_FORMAT: "json" });
    expect(JSON.parse(fast.result)).to.include({
      verdict: "verified",
      method: "cid",
      filesChecked: 2,
      filesRecorded: 2,
    });
    const only = await run({ VERIFY_ONLY: "README.md", OUTPUT_FORMAT: "json" });
    expect(JSON.parse(only.result)).to.include({
      verdict: "verified",
      method: "proof",
      filesChecked: 1,
      filesRecorded: 2,
    });
    expect((await run({ VERIFY_ONLY: "README.md" })).output).to.include("VERIFIED: Only 1 of 2 files were checked");
    const full = JSON.parse((await run({ OUTPUT_FORMAT: "json" })).result) as object;
    expect(full).to.include({ method: "digests", filesChecked: 2, filesRecorded: 2 });
  });

  it("exports a proof and checks a file with it, also without a chain", async function () {
    const { run, weights } = await record();
    const proof = temporary.path("w.proof.json");
    expect((await run({ VERIFY_ONLY: "w.bin", EXPORT_PROOF: proof })).exitCode).to.equal(0);
    const { manifestRoot } = JSON.parse(await readFile(proof, "utf8")) as { manifestRoot: string };
    const online = await run({ MODEL_PATH: weights, PROOF_FILE: proof, STORE_PATH: temporary.path("empty") });
    expect(online).to.include({ exitCode: 0, asked: true });
    const offline = await run({ MODEL_PATH: weights, PROOF_FILE: proof, MANIFEST_ROOT: manifestRoot });
    expect(offline).to.include({ exitCode: 0, asked: false });
    const wrong = await run({ MODEL_PATH: weights, PROOF_FILE: proof, MANIFEST_ROOT: `0x${"1".repeat(64)}` });
    expect(wrong.exitCode).to.equal(1);
    await appendFile(weights, "x");
    expect((await run({ MODEL_PATH: weights, PROOF_FILE: proof })).exitCode).to.equal(1);
    const again = await run({ VERIFY_ONLY: "w.bin", EXPORT_PROOF: temporary.path("other.json") });
    expect(again.output).to.include("No proof was written");
  });

  it("refuses options that contradict each other, no names, and a proof inside the model", async function () {
    const { run, modelPath } = await record();
    for (const more of [
      { VERIFY_FAST: "1", VERIFY_ONLY: "w.bin" },
      { VERIFY_FAST: "1", PROOF_FILE: "p" },
      { PROOF_FILE: "p", VERIFY_ONLY: "w.bin" },
      { MANIFEST_ROOT: `0x${"1".repeat(64)}` },
      { EXPORT_PROOF: "p" },
      { EXPORT_PROOF: "p", VERIFY_ONLY: "w.bin,README.md" },
      { EXPORT_PROOF: `${modelPath}/p.json`, VERIFY_ONLY: "w.bin" },
    ]) {
      expect(await errorCode(() => run(more)), JSON.stringify(more)).to.equal("OPTION_INVALID");
    }
    expect(await errorCode(() => run({ VERIFY_ONLY: "," }))).to.equal("OPTION_MISSING");
    expect(await errorCode(() => run({ PROOF_FILE: temporary.path("none") }))).to.equal("PROOF_INVALID");
  });

  it("shortens a long list of ranges", function () {
    const damaged = Array.from({ length: 13 }, (_, i) => ({ start: 2 * i * MIB, end: (2 * i + 1) * MIB - 1 }));
    const lines = describeDamage({ name: "w", status: "mismatch", damaged, extraBytes: 1 });
    expect(lines).to.have.length(12);
    expect(lines.slice(-2)).to.deep.equal(["and 3 more ranges", "1 byte too many"]);
    expect(describeDamage({ name: "w", status: "mismatch", damaged: [{ start: 0, end: 6 }] })).to.deep.equal([
      "bytes 0-6 (7 bytes)",
    ]);
  });
});
