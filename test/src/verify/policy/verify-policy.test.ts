import { expect } from "chai";
import { toHex32 } from "../../../../src/base/hex.ts";
import type { Metadata } from "../../../../src/metadata/schema.ts";
import type { PublishRequest } from "../../../../src/publish/prepare-model.ts";
import { networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { leanSubmission, tokenIdOf } from "../../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { setUpVerify } from "../../../helpers/verify-command.ts";
import { createSafetensors } from "../../../helpers/safetensors.ts";

const FILES = {
  "README.md": "---\nlicense: apache-2.0\n---\n",
  "config.json": "{}",
  "model.safetensors": createSafetensors({ w: { dtype: "U8", shape: [4], data_offsets: [0, 4] } }, 4),
};

const METRICS = [
  { name: "accuracy", value: 0.93 },
  { name: "loss", value: "" },
  { name: "speed", value: "Infinity" },
];

describe("verify --policy", function () {
  const temporary = useTemporaryFolder();

  async function setUp(request: Partial<PublishRequest> = {}, change?: { metadata?: (metadata: Metadata) => unknown }) {
    const context = await setUpVerify(temporary);
    const modelPath = await temporary.write("model", FILES);
    const statements = { version: "1.0.0", metrics: METRICS, ...request.statements };
    const tokenId = await context.record({ ...request, modelPath, statements }, change);
    /** Verifies under a policy; returns the exit code, the rules that are broken, and all that was said. */
    const judge = async (policy: string, more: Record<string, string> = {}) => {
      await temporary.write(".", { "policy.yaml": `schemaVersion: "1.0"\n${policy}` });
      const options = { MODEL_PATH: modelPath, MODEL_POLICY: temporary.path("policy.yaml"), ...more };
      const { exitCode, stdout } = await context.verify({ ...options, OUTPUT_FORMAT: "json" });
      const { policy: verdict, warnings } = JSON.parse(stdout) as {
        policy?: { violations: { rule: string; reason: string }[] };
        warnings: string[];
      };
      const rules = verdict?.violations.map(({ rule }) => rule) ?? [];
      if (exitCode !== 0) expect(stdout).to.not.match(/\bverified\b/);
      return { exitCode, rules, warnings, reasons: verdict?.violations.map(({ reason }) => reason).join() ?? "" };
    };
    return { ...context, modelPath, tokenId, judge };
  }

  it("accepts what keeps every rule", async function () {
    const { judge, minter, registry } = await setUp();
    const result = await judge(`
creators: [${minter.address}]
registries: ["eip155:31337:${registry.address}"]
licenses: { allow: [Apache-2.0], deny: [AGPL-3.0-only], nonCommercial: refuse }
signature: required
deprecated: refuse
minimumConfirmations: 1
formats: { allow: [safetensors], refuse: [pickle] }
ancestors: { status: active, endorsed: required, licenses: not-more-permissive }
metrics: [{ name: accuracy, minimum: 0.9 }]`);
    expect(result).to.deep.include({ exitCode: 0, rules: [], warnings: [] });
  });

  const refusals: [policy: string, rule: string][] = [
    [`creators: ["0x${"12".repeat(20)}"]`, "creators"],
    [`registries: ["eip155:1:0x${"12".repeat(20)}"]`, "registries"],
    ["licenses: { allow: [MIT] }", "licenses.allow"],
    ["licenses: { deny: [Apache-2.0] }", "licenses.deny"],
    ["minimumConfirmations: 1000", "minimumConfirmations"],
    ["formats: { allow: [gguf] }", "formats.allow"],
    ["formats: { refuse: [safetensors] }", "formats.refuse"],
    ["metrics: [{ name: f1 }]", "metrics"],
    ["metrics: [{ name: accuracy, minimum: 0.95 }]", "metrics"],
    ["metrics: [{ name: accuracy, dataset: squad }]", "metrics"],
    ["metrics: [{ name: loss, maximum: 1 }]", "metrics"],
    ["metrics: [{ name: speed, minimum: 1 }]", "metrics"],
  ];
  for (const [policy, rule] of refusals) {
    it(`refuses by ${policy}`, async function () {
      const { judge } = await setUp();
      expect(await judge(policy)).to.deep.include({ exitCode: 5, rules: [rule] });
    });
  }

  it("warns loudly where no creators are named, in a policy and in every form of the answer", async function () {
    const { judge, verify, modelPath, minter } = await setUp();
    expect((await judge("signature: required")).warnings.join()).to.include("No creators are named");
    for (const OUTPUT_FORMAT of ["human", "json", "github", "sha256sum", "vsa", "quiet", "junit"]) {
      const open = await verify({ MODEL_PATH: modelPath, OUTPUT_FORMAT });
      expect(open.stdout + open.stderr).to.include("No creators are named");
      const isInResult = ["github", "junit"].includes(OUTPUT_FORMAT);
      expect(isInResult ? open.stdout : open.stderr).to.include("No creators are named");
      const closed = await verify({ MODEL_PATH: modelPath, OUTPUT_FORMAT, MODEL_CREATORS: minter.address });
      expect(closed.stdout + closed.stderr).to.not.include("No creators are named");
    }
  });

  it("refuses a stranger's record by --creators alone, and together with a policy", async function () {
    const { judge, verify, modelPath, minter, stranger } = await setUp();
    const named = { MODEL_PATH: modelPath, MODEL_CREATORS: stranger.address };
    expect((await verify(named)).exitCode).to.equal(5);
    expect((await verify({ ...named, MODEL_CREATORS: `${stranger.address},${minter.address}` })).exitCode).to.equal(0);
    const both = await judge(`creators: [${minter.address}]`, { MODEL_CREATORS: stranger.address });
    expect(both.exitCode).to.equal(5);
    expect(await errorCode(() => verify({ ...named, MODEL_CREATORS: "alice.eth" }))).to.equal("OPTION_INVALID");
  });

  it("refuses a signature that is not the creator's, and one that cannot be read", async function () {
    const metadata = (original: Metadata) => {
      original.provenance.task = "changed after signing";
      return original;
    };
    const { judge } = await setUp({}, { metadata });
    expect(await judge("signature: required")).to.deep.include({ exitCode: 5, rules: ["signature"] });
    const unread = await judge("signature: required", { STORE_PATH: temporary.path("empty") });
    expect(unread).to.deep.include({ exitCode: 5, rules: ["signature"] });
  });

  it("refuses what is deprecated, too old, or not known to allow commercial use", async function () {
    const { judge, registry, tokenId } = await setUp({ statements: { license: "LicenseRef-own" } });
    expect((await judge("licenses: { nonCommercial: refuse }")).rules).to.deep.equal(["licenses.nonCommercial"]);
    await registry.contract.setStatus(tokenId, 1n, "old");
    expect((await judge("deprecated: refuse")).rules).to.deep.equal(["deprecated"]);
    expect((await judge("deprecated: allow")).exitCode).to.equal(0);
    // The chain's clock is where the fixture put it; the age is counted by the machine's.
    const recorded = (await registry.contract.getModelData(tokenId)).mintedAt;
    const isOld = Date.now() / 1000 - Number(recorded) > 3600;
    expect((await judge("maximumAge: 1h")).rules).to.deep.equal(isOld ? ["maximumAge"] : []);
  });

  it("refuses files that may run code when they are loaded", async function () {
    const context = await setUpVerify(temporary);
    const modelPath = await temporary.write("pickled", { "pytorch_model.bin": "\x80\x02.", "config.json": "{}" });
    await context.record({ modelPath, statements: {} });
    await temporary.write(".", { "p.yaml": 'schemaVersion: "1.0"\nformats: { refuse: [pickle] }\n' });
    const { exitCode, stdout } = await context.verify({
      MODEL_PATH: modelPath,
      MODEL_POLICY: temporary.path("p.yaml"),
    });
    expect(exitCode).to.equal(5);
    expect(stdout).to.include("pytorch_model.bin may run code when loaded");
  });

  it("judges ancestors: recalled ones, those that are only claimed, and licences that ask for less", async function () {
    const context = await setUpVerify(temporary);
    const { registry, minter } = context;
    const base = leanSubmission("base", { license: "GPL-3.0-only" });
    await registry.contract.mintProvenanceNFT(minter, base);
    const modelPath = await temporary.write("child", FILES);
    const parents = [String(tokenIdOf(base))];
    const tokenId = await context.record({ modelPath, statements: { relation: "fine-tune" }, parents });
    const judge = async (rule: string) => {
      await temporary.write(".", { "p.yaml": `schemaVersion: "1.0"\nancestors: { ${rule} }\n` });
      const { exitCode, stdout } = await context.verify({
        MODEL_PATH: modelPath,
        MODEL_POLICY: temporary.path("p.yaml"),
        OUTPUT_FORMAT: "json",
      });
      return { exitCode, stdout };
    };
    expect((await judge("status: active")).exitCode).to.equal(0);
    expect((await judge("endorsed: required")).stdout).to.include("only claimed");
    await registry.contract.endorse(tokenIdOf(base), 31337n, registry.address, tokenId);
    expect((await judge("endorsed: required")).exitCode).to.equal(0);
    const drift = await judge("licenses: not-more-permissive");
    expect(drift.exitCode).to.equal(5);
    expect(drift.stdout).to.include("asks for less than its parent's");
    await registry.contract.setStatus(tokenIdOf(base), 1n, "old");
    expect((await judge("status: active")).exitCode).to.equal(5);
    expect((await judge("status: not-revoked")).exitCode).to.equal(0);
    await registry.contract.setStatus(tokenIdOf(base), 2n, "poisoned");
    expect((await judge("status: not-revoked")).exitCode).to.equal(5);
  });

  it("refuses ancestors in a registry that is not asked", async function () {
    const foreign = {
      tokenId: toHex32(7n),
      relation: "fine-tune" as const,
      registry: `eip155:1:0x${"12".repeat(20)}`,
    };
    const metadata = (original: Metadata) => {
      original.provenance.parents = [foreign];
      return original;
    };
    const context = await setUpVerify(temporary);
    const modelPath = await temporary.write("elsewhere", FILES);
    await context.record(
      { modelPath, statements: { relation: "fine-tune", baseModels: [{ uri: "hf://a/b" }] } },
      { metadata },
    );
    await temporary.write(".", { "p.yaml": 'schemaVersion: "1.0"\nancestors: { status: active }\n' });
    const { exitCode, stdout } = await context.verify({
      MODEL_PATH: modelPath,
      MODEL_POLICY: temporary.path("p.yaml"),
    });
    expect(exitCode).to.equal(5);
    expect(stdout).to.include("not one of the registries asked");
  });

  it("can only refuse: what differs, differs", async function () {
    const { judge, modelPath, minter } = await setUp();
    const { writeFile } = await import("node:fs/promises");
    await writeFile(`${modelPath}/config.json`, "changed");
    expect((await judge(`creators: [${minter.address}]`)).exitCode).to.equal(3);
    await networkHelpers.mine(1);
  });

  it("is not passed by a proof without a chain, of which nobody knows the creator", async function () {
    const { verify, modelPath, tokenId, minter } = await setUp();
    const proof = temporary.path("proof.json");
    await verify({ MODEL_PATH: modelPath, TOKEN_ID: tokenId, VERIFY_ONLY: "config.json", EXPORT_PROOF: proof });
    const { readFile } = await import("node:fs/promises");
    const { manifestRoot } = JSON.parse(await readFile(proof, "utf8")) as { manifestRoot: string };
    const offline = { MODEL_PATH: `${modelPath}/config.json`, PROOF_FILE: proof, MANIFEST_ROOT: manifestRoot };
    expect((await verify(offline)).exitCode).to.equal(0);
    expect((await verify({ ...offline, MODEL_CREATORS: minter.address })).exitCode).to.equal(5);
  });
});
