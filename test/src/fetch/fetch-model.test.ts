import { chmod, link, mkdir, readFile, readdir, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { type FetchModelRequest, fetchModel } from "../../../src/fetch/fetch-model.ts";
import { GatewaySource } from "../../../src/content/gateways/gateway-source.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { publishModel } from "../../helpers/published-model.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { type GatewayServer, closeGateways, startGateway } from "../../helpers/servers/gateway.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

/** Bytes of which no two MiB are alike. */
function pattern(size: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i >> 12) + i + seed;
  return bytes;
}

const FILES = {
  "README.md": "A model.",
  "empty.txt": "",
  "weights/model-1.safetensors": pattern(3 * MIB + 17),
  "weights/model-2.safetensors": pattern(MIB, 100),
  ".hidden/config.json": "{}",
};

describe("fetchModel", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGateways);

  /** A published model, a gateway that has it, and how to fetch it. */
  async function publish(files: Readonly<Record<string, string | Uint8Array>> = FILES) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const modelPath = await temporary.write("model", files);
    const published = await publishModel(deployed, modelPath);
    const gateway = await startGateway([...published.links, ...published.content]);
    const request: FetchModelRequest = {
      tokenId: published.tokenId,
      path: temporary.path("fetched"),
      registry: deployed.registry,
      source: openSource(gateway),
    };
    return { ...deployed, ...published, gateway, modelPath, request };
  }

  const openSource = (...gateways: GatewayServer[]) =>
    new GatewaySource(
      gateways.map(({ url }) => url),
      { wait: async () => undefined, hedge: { idle: 60_000, slow: 60_000 } },
    );

  async function partialOf(request: FetchModelRequest): Promise<string[]> {
    const names = await readdir(join(request.path, ".."));
    return names.filter((name) => name.startsWith("fetched.partial-"));
  }

  it("downloads all files, verified, into their folder and leaves nothing beside it", async function () {
    const { request, tokenId, modelPath } = await publish();
    const progress = { total: 0, bytes: 0 };
    const fetched = await fetchModel({
      ...request,
      onTotal: (bytes) => (progress.total += bytes),
      onBytes: (bytes) => (progress.bytes += bytes),
    });
    const size = 8 + 3 * MIB + 17 + MIB + 2;
    expect(fetched).to.include({ path: request.path, existing: false, fetchedBytes: size, keptBytes: 0 });
    expect(fetched.report).to.include({ verdict: "verified", filesChecked: 5, method: "digests" });
    expect(fetched.report.model.path).to.equal(request.path);
    expect(progress).to.deep.equal({ total: size, bytes: size });
    expect(BigInt((await hashModel(request.path)).modelDigest)).to.equal(tokenId);
    for (const name of Object.keys(FILES)) {
      expect((await readFile(join(request.path, name))).equals(await readFile(join(modelPath, name))), name).to.equal(
        true,
      );
    }
    expect(await partialOf(request)).to.deep.equal([]);
  });

  it("downloads a model of one file", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const folder = await temporary.write("one", { "weights.gguf": pattern(2 * MIB + 3) });
    const { tokenId, links, content } = await publishModel(deployed, join(folder, "weights.gguf"));
    const source = openSource(await startGateway([...links, ...content]));
    const path = temporary.path("fetched");
    const { report } = await fetchModel({ tokenId, path, registry: deployed.registry, source });
    expect(report.verdict).to.equal("verified");
    expect(await readdir(path)).to.deep.equal(["weights.gguf"]);
  });

  it("downloads single files with their folders, by their proofs", async function () {
    const { request, gateway } = await publish();
    const { report } = await fetchModel({ ...request, only: ["./weights/model-2.safetensors", "empty.txt"] });
    expect(report).to.include({ verdict: "verified", method: "proof", filesChecked: 2, filesRecorded: 5 });
    expect((await readdir(request.path)).sort()).to.deep.equal(["empty.txt", "weights"]);
    const before = gateway.requests.length;
    expect(await fetchModel({ ...request, only: ["empty.txt"] })).to.include({ existing: true });
    expect(gateway.requests.length - before).to.be.lessThan(4);
    expect(await errorCode(async () => fetchModel({ ...request, only: ["README.md"] }))).to.equal("TARGET_TAKEN");
    expect(await errorCode(async () => fetchModel({ ...request, only: ["none"] }))).to.equal("OPTION_INVALID");
    expect(await errorCode(async () => fetchModel({ ...request, only: [] }))).to.equal("OPTION_MISSING");
  });

  it("does nothing where the model is there already, and refuses any other folder that is not empty", async function () {
    const { request, modelPath } = await publish();
    const existing = await fetchModel({ ...request, path: modelPath });
    expect(existing).to.include({ existing: true, fetchedBytes: 0, path: modelPath });
    expect(existing.report.verdict).to.equal("verified");

    await writeFile(join(modelPath, "weights/model-2.safetensors"), Buffer.alloc(MIB));
    const other = await temporary.write("other", { "mine.txt": "mine" });
    const file = join(other, "mine.txt");
    await symlink(other, temporary.path("link"));
    for (const path of [modelPath, other, file, temporary.path("link")]) {
      expect(await errorCode(async () => fetchModel({ ...request, path })), path).to.equal("TARGET_TAKEN");
    }
    expect(await readdir(other)).to.deep.equal(["mine.txt"]);
    await mkdir(temporary.path("nothing"));
    const inEmpty = await fetchModel({ ...request, path: temporary.path("nothing") });
    expect(inEmpty).to.include({ existing: false, path: temporary.path("nothing") });
  });

  it("goes on from what an earlier run left, and keeps of it what is right", async function () {
    const { request, gateway, content } = await publish();
    const third = content[3]?.cid.toString() as string;
    gateway.behave(({ cid }) => (cid === third ? { status: 404 } : "serve"));
    expect(await errorCode(async () => fetchModel(request))).to.equal("STORE_BLOCK_MISSING");
    const [partial, ...others] = await partialOf(request);
    expect(others).to.deep.equal([]);
    expect(await readdir(join(request.path, ".."))).to.not.include("fetched");

    const left = join(request.path, "..", partial as string, "weights/model-2.safetensors");
    await writeFile(left, Buffer.concat([pattern(MIB, 100), Buffer.alloc(100)]));
    gateway.behave("serve");
    gateway.requests.length = 0;
    const { report, fetchedBytes, keptBytes } = await fetchModel({ ...request, source: openSource(gateway) });
    expect(report.verdict).to.equal("verified");
    expect(keptBytes).to.be.greaterThan(MIB - 1);
    expect(fetchedBytes + keptBytes).to.equal(8 + 3 * MIB + 17 + MIB + 2);
    const asked = gateway.requests.map(({ cid }) => cid);
    expect(asked).to.include(third);
    expect(asked).to.not.include(
      content.find(({ bytes }) => Buffer.from(bytes).equals(pattern(MIB, 100)))?.cid.toString(),
    );
  });

  it("fetches again what was damaged while it lay there", async function () {
    const { request, gateway, content } = await publish();
    const last = content.at(-1)?.cid.toString();
    gateway.behave(({ cid }) => (cid === last ? { status: 404 } : "serve"));
    await errorCode(async () => fetchModel(request));
    const [partial] = await partialOf(request);
    const path = join(request.path, "..", partial as string, "weights/model-1.safetensors");
    await writeFile(path, Buffer.alloc(3 * MIB + 17, 7));
    await truncate(path, 2 * MIB + 5);
    gateway.behave("serve");
    expect((await fetchModel({ ...request, source: openSource(gateway) })).report.verdict).to.equal("verified");
  });

  it("refuses what it did not put there, and follows no link", async function () {
    const { request, gateway, content } = await publish();
    const last = content.at(-1)?.cid.toString();
    gateway.behave(({ cid }) => (cid === last ? { status: 404 } : "serve"));
    await errorCode(async () => fetchModel(request));
    const partial = join(request.path, "..", (await partialOf(request))[0] as string);
    gateway.behave("serve");
    const outside = await temporary.write("outside", {});
    await symlink(outside, join(partial, "more"));
    expect(await errorCode(async () => fetchModel(request))).to.equal("TARGET_TAKEN");
    await rm(join(partial, "more"));
    await writeFile(join(partial, "stranger.txt"), "x");
    expect(await errorCode(async () => fetchModel(request))).to.equal("TARGET_TAKEN");
    expect(await readdir(outside)).to.deep.equal([]);
  });

  it("puts nothing together where others can write, and writes through no other name of a file", async function () {
    const { request, gateway, content } = await publish();
    const last = content.at(-1)?.cid.toString();
    gateway.behave(({ cid }) => (cid === last ? { status: 404 } : "serve"));
    await errorCode(async () => fetchModel(request));
    const [name = ""] = await partialOf(request);
    const partial = join(request.path, "..", name);
    await chmod(partial, 0o777);
    await rm(join(partial, "README.md"));
    const before = await readdir(partial, { recursive: true });
    await errorCode(async () => fetchModel(request));
    expect(await readdir(partial, { recursive: true })).to.deep.equal(before);

    await chmod(partial, 0o755);
    await rm(`${partial}.2`, { recursive: true });
    gateway.behave("serve");
    const outside = await temporary.write("outside", { "victim.txt": "keep" });
    await rm(join(partial, "README.md"), { force: true });
    await link(join(outside, "victim.txt"), join(partial, "README.md"));
    expect((await fetchModel(request)).report.verdict).to.equal("verified");
    expect(await readFile(join(outside, "victim.txt"), "utf8")).to.equal("keep");
    expect((await stat(request.path)).mode & 0o022).to.equal(0);
  });

  it("takes turns between gateways that lie, hang up or have only a part", async function () {
    const { request, links, content } = await publish();
    const part = await startGateway([...links, ...content.filter((_, i) => i % 2 === 0)]);
    const liar = await startGateway([...links, ...content], "wrong bytes");
    const broken = await startGateway([...links, ...content], "cut off");
    const whole = await startGateway([...links, ...content]);
    const { report } = await fetchModel({ ...request, source: openSource(part, liar, broken, whole) });
    expect(report.verdict).to.equal("verified");
  });

  it("says that nothing was published where the record names no CID, or only that", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const modelPath = await temporary.write("model", FILES);
    const path = temporary.path("fetched");
    const registry = deployed.registry;
    const without = await publishModel(deployed, modelPath, { withCid: false });
    const bare = openSource(await startGateway(without.links));
    const fetching = async (tokenId: bigint, source: GatewaySource) =>
      fetchModel({ tokenId, path, registry, source }).then(
        () => "no error",
        (error: ProvenanceError) => `${error.code} ${error.message}`,
      );
    expect(await fetching(without.tokenId, bare)).to.match(/^CONTENT_NOT_PINNED .*names no CID/);
    await writeFile(join(modelPath, "README.md"), "Another model.");
    const linked = await publishModel(deployed, modelPath);
    const links = openSource(await startGateway(linked.links));
    expect(await fetching(linked.tokenId, links)).to.match(/^STORE_BLOCK_MISSING .*pinned nowhere that was asked/);
    expect(await fetching(1n, links)).to.match(/^TOKEN_UNKNOWN /);
  });

  it("fetches nothing that was revoked", async function () {
    const { request, registry, minter, tokenId, gateway } = await publish();
    await registry.contract.connect(minter).setStatus(tokenId, 2, "recalled");
    expect(await errorCode(async () => fetchModel(request))).to.equal("MODEL_REVOKED");
    expect(gateway.requests).to.deep.equal([]);
  });

  it("says that a folder cannot be written", async function () {
    const { request } = await publish();
    const locked = await temporary.write("locked", {});
    await writeFile(join(locked, "file"), "");
    const path = join(locked, "file", "fetched");
    expect(await errorCode(async () => fetchModel({ ...request, path }))).to.equal("TARGET_FAILED");
  });

  it("ends well though two fetch the same at once", async function () {
    const { request } = await publish();
    const both = await Promise.allSettled([fetchModel(request), fetchModel(request)]);
    for (const outcome of both) {
      if (outcome.status === "fulfilled") expect(outcome.value.report.verdict).to.equal("verified");
      else expect(["TARGET_FAILED", "MODEL_CHANGED", "MODEL_NOT_FOUND"]).to.include(codeOf(outcome.reason));
    }
    expect((await fetchModel(request)).report.verdict).to.equal("verified");
    expect(await partialOf(request)).to.have.length.below(2);
  });
});

const codeOf = (error: unknown) => (error instanceof ProvenanceError ? error.code : String(error));
