import { expect } from "chai";
import { hashHubModel, inspectModel } from "../../../src/hub/inspect-model.ts";
import { findUnsafeFiles } from "../../../src/model/tensors/unsafe-files.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { HUB_TOKEN } from "../../helpers/servers/hub.ts";
import { HUB_MODELS, toHubRepo } from "../../helpers/servers/hub-models.ts";
import { REFUSED_REPOS, largeConfigRepo } from "../../helpers/servers/hostile-repos.ts";
import { hubRepo, lfsFile } from "../../helpers/servers/hub-repo.ts";
import { createSafetensors } from "../../helpers/safetensors.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { downloadByHand, useHub } from "../../helpers/use-hub.ts";

const WEIGHTS = createSafetensors({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 8);

describe("inspectModel", function () {
  const temporary = useTemporaryFolder();
  const hub = useHub({ treePageSize: 3 });

  for (const vector of HUB_MODELS) {
    it(`finds what the proof of concept printed of ${vector.id}`, async function () {
      hub.server().add(toHubRepo(vector));
      const { facts, info } = await inspectModel(hub.open(), { reference: { id: vector.id } });
      const { architecture, vocabularySize, specialTokens, category, task: type, lastModified } = facts;
      const found = { architecture, vocabularySize, specialTokens, category, type, lastModified };
      expect(found).to.deep.equal(vector.expected);
      expect(Object.keys(specialTokens ?? {})).to.deep.equal(Object.keys(vector.expected["specialTokens"] as object));
      expect(facts.vocabularySizeFrom).to.equal("tokenizer");
      expect(info.revision).to.match(/^[0-9a-f]{40}$/);
    });

    it(`has the digests of a downloaded copy of ${vector.id}, and fetches no weights`, async function () {
      const repo = toHubRepo(vector);
      hub.server().add(repo);
      const { contents } = await inspectModel(hub.open(), { reference: { id: vector.id } });
      const copy = await hashModel(await downloadByHand(repo, temporary.path("copy")));
      const { modelDigest, manifestRoot, weightsDigest, resources, excluded } = contents.model;
      expect({ modelDigest, manifestRoot, weightsDigest, resources, excluded }).to.deep.equal({
        modelDigest: copy.modelDigest,
        manifestRoot: copy.manifestRoot,
        weightsDigest: copy.weightsDigest,
        resources: copy.resources,
        excluded: copy.excluded,
      });
      const fetched = hub.server().requests.filter(({ atContent, range }) => atContent && range === undefined);
      expect(fetched.filter(({ path }) => /\.bin$/.test(path))).to.deep.equal([]);
    });
  }

  it("has the digests of a copy with odd names, and leaves out what hash leaves out", async function () {
    const claim = {
      schemaVersion: "1.0",
      registry: `eip155:1:0x${"11".repeat(20)}`,
      tokenId: `0x${"22".repeat(32)}`,
      metadataURI: "ipfs://bafkreia",
      ignorePaths: [],
    };
    const repo = hubRepo("odd/names", {
      ".gitattributes": "*.bin filter=lfs",
      ".github/workflows/ci.yml": "on: push",
      ".cache/huggingface/.gitignore": "*",
      ".cache/huggingface/download/a.metadata": "1",
      "a b #1?&%.txt": "odd",
      "häß/ё/模型.json": "{}",
      "sub/.gitattributes": "kept",
      "empty.txt": "",
      "model-provenance.json": JSON.stringify(claim),
      "model.sig": lfsFile(
        JSON.stringify({ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", dsseEnvelope: {} }),
      ),
      "variables/weights": lfsFile("w"),
      "A.txt": "1",
      "a.txt": "2",
    });
    hub.server().add(repo);
    const model = await hashHubModel(hub.open(), { id: "odd/names" });
    const copy = await hashModel(await downloadByHand(repo, temporary.path("copy")));
    for (const key of ["modelDigest", "manifestRoot", "weightsDigest", "resources", "warnings"] as const) {
      expect(model[key], key).to.deep.equal(copy[key]);
    }
    expect(new Set(model.excluded.map(({ reason }) => reason))).to.deep.equal(
      new Set(["git", "download cache", "claim", "OMS bundle"]),
    );
    expect(model.pointers).to.deep.equal(["variables/weights"]);
  });

  it("counts parameters by dtype from the headers alone", async function () {
    const header = { a: { dtype: "F32", shape: [1000, 1000], data_offsets: [0, 4_000_000] } };
    hub.server().add(hubRepo("m/large", { "model.safetensors": lfsFile(createSafetensors(header, 4_000_000)) }));
    const { facts } = await inspectModel(hub.open(), { reference: { id: "m/large" } });
    expect(facts.model.parameters).to.deep.equal({ total: 1_000_000, byDtype: { F32: 1_000_000 } });
    const ranges = hub.server().requests.filter(({ atContent }) => atContent);
    expect(ranges.map(({ range }) => range)).to.deep.equal(["bytes=0-65535"]);
  });

  it("names the files that may run code, and opens none", async function () {
    const files = { "pytorch_model.bin": lfsFile("weights"), "arrays.npz": "no archive", "config.json": "{}" };
    hub.server().add(hubRepo("m/unsafe", files));
    const { facts, contents } = await inspectModel(hub.open(), { reference: { id: "m/unsafe" } });
    expect(facts.model.unsafeSerialization).to.deep.equal(["pytorch_model.bin"]);
    expect(await findUnsafeFiles(contents.model, undefined)).to.deep.equal(["pytorch_model.bin"]);
  });

  it("reads a revision that is named, and pins everything to its commit", async function () {
    hub
      .server()
      .add(hubRepo("m/old", { "config.json": '{"architectures":["Old"]}', "model.safetensors": lfsFile(WEIGHTS) }));
    const [first] = hub.server().repos.get("m/old")?.commits ?? [];
    hub.server().push("m/old", { "config.json": '{"architectures":["New"]}', "model.safetensors": lfsFile(WEIGHTS) });
    const read = async (revision?: string) => {
      const reference = { id: "m/old", ...(revision !== undefined && { revision }) };
      return (await inspectModel(hub.open(), { reference })).facts.architecture;
    };
    expect(await read()).to.equal("New");
    expect(await read(first?.sha)).to.equal("Old");
    expect(await errorCode(async () => read("no-such-branch"))).to.equal("HUB_REVISION_NOT_FOUND");
    const paths = hub.server().requests.map(({ path }) => path);
    expect(paths.filter((path) => /\/(resolve|tree)\/(main|HEAD)/.test(path))).to.deep.equal([]);
  });

  it("tells gated, private, renamed, deleted, disabled and empty repositories apart", async function () {
    const files = { "config.json": "{}" };
    hub
      .server()
      .add(
        hubRepo("x/gated", files, {}, { access: "gated" }),
        hubRepo("x/private", files, {}, { access: "private" }),
        hubRepo("x/disabled", files, {}, { access: "disabled" }),
        hubRepo("x/old", files),
      );
    hub.server().rename("x/old", "y/new");
    const code = async (id: string, accessToken?: string, allowPrivate = false) =>
      errorCode(async () =>
        inspectModel(
          hub.open({ ...(accessToken !== undefined && { accessToken }) }),
          { reference: { id } },
          { allowPrivate },
        ),
      );
    expect(await code("x/gated")).to.equal("HUB_REPO_GATED");
    expect(await code("x/gated", HUB_TOKEN)).to.equal("no error");
    expect(await code("x/private")).to.equal("HUB_REPO_PRIVATE");
    expect(await code("x/private", HUB_TOKEN)).to.equal("HUB_REPO_PRIVATE");
    expect(await code("x/private", HUB_TOKEN, true)).to.equal("no error");
    expect(await code("x/deleted", HUB_TOKEN)).to.equal("HUB_REPO_NOT_FOUND");
    expect(await code("x/disabled")).to.equal("HUB_REPO_DISABLED");
    expect(await code("x/gated", "hf_expired")).to.equal("HUB_TOKEN_INVALID");
    expect(await code("../../admin")).to.equal("HUB_REPO_INVALID");
    const { info, warnings } = await inspectModel(hub.open(), { reference: { id: "x/old" } });
    expect(info).to.deep.include({ id: "y/new", renamedFrom: "x/old" });
    expect(warnings.join()).to.include("y/new");
  });

  for (const { repo, code, why } of REFUSED_REPOS) {
    it(`refuses a repository with ${why}`, async function () {
      hub.server().add(repo);
      expect(await errorCode(async () => hashHubModel(hub.open(), { id: repo.id }))).to.equal(code);
    });
  }

  it("hashes ten megabytes of configuration and does not read them", async function () {
    const repo = largeConfigRepo();
    hub.server().add(repo);
    const { facts, contents, warnings } = await inspectModel(hub.open(), { reference: { id: repo.id } });
    const copy = await hashModel(await downloadByHand(repo, temporary.path("copy")));
    expect(contents.model.modelDigest).to.equal(copy.modelDigest);
    expect(facts.architecture).to.equal(undefined);
    expect(warnings.join()).to.include("config.json");
  });

  it("says nothing of what is missing", async function () {
    hub.server().add(hubRepo("m/bare", { "model.bin": lfsFile("w") }, { lastModified: "not a date" }));
    const { facts } = await inspectModel(hub.open(), { reference: { id: "m/bare" } });
    expect(facts.category).to.equal("other");
    for (const key of ["architecture", "vocabularySize", "specialTokens", "task", "lastModified", "license"] as const) {
      expect(facts[key], key).to.equal(undefined);
    }
  });
});
