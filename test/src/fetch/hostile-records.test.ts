import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { importer } from "ipfs-unixfs-importer";
import type { CID } from "multiformats/cid";
import { fetchModel } from "../../../src/fetch/fetch-model.ts";
import type { Metadata } from "../../../src/metadata/schema.ts";
import { computeManifestDigests } from "../../../src/model/manifest-digests.ts";
import type { Resource } from "../../../src/model/resource.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { publishModel } from "../../helpers/published-model.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const KIB = 1024;

describe("fetchModel of a record by somebody else", function () {
  const temporary = useTemporaryFolder();

  async function deploy(files: Readonly<Record<string, string | Uint8Array>> = { "w.bin": "weights", "a/b.txt": "b" }) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", files);
    const path = temporary.path("fetched");
    const fetching = async (tokenId: bigint) =>
      fetchModel({ tokenId, path, registry: deployed.registry, source: deployed.store });
    return { ...deployed, modelPath, path, fetching };
  }

  /** Records other files than those at hand, as a creator may who writes the metadata by hand. */
  async function recordNames(names: readonly string[]) {
    const deployed = await deploy();
    const resources = names.map((name) => resourceOf(name, `content of ${name}`));
    const { modelDigest, manifestRoot } = computeManifestDigests(resources);
    const change = (metadata: Metadata) => {
      Object.assign(metadata.provenance, { modelDigest, manifestRoot });
      metadata.provenance.manifest.resources = resources;
      metadata.provenance.model = { cid: rawBlock(Buffer.alloc(1)).cid.toString(), profile: "unixfs-v1-2025", size: 1 };
      return metadata;
    };
    const submission = { modelDigest, manifestRoot };
    await recordModel(deployed, { modelPath: deployed.modelPath, statements: {} }, { metadata: change, submission });
    return { ...deployed, tokenId: BigInt(modelDigest) };
  }

  const refused: Record<string, string[]> = {
    "what Git would run": [".git/hooks/post-checkout"],
    "what Git would obey": [".gitattributes", "w.bin"],
    "a download cache": [".cache/huggingface/download/x"],
    "a file that is a folder as well": ["a", "a/b"],
    "a file that is a folder far below": ["a/b/c/d", "x", "a/b"],
  };
  for (const [what, names] of Object.entries(refused)) {
    it(`refuses to write ${what}`, async function () {
      const { tokenId, fetching } = await recordNames(names);
      expect(await errorCode(async () => fetching(tokenId))).to.equal("RECORD_CONTRADICTS");
      expect(await readdir(temporary.path())).to.deep.equal(["model"]);
    });
  }

  it("refuses names that lead out of the folder", async function () {
    const { modelPath, fetching, ...deployed } = await deploy();
    const change = (metadata: Metadata) => {
      const [first] = metadata.provenance.manifest.resources as Resource[];
      (first as { name: string }).name = "../escaped.txt";
      return metadata;
    };
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true }, { metadata: change });
    expect(await errorCode(async () => fetching(tokenId))).to.equal("METADATA_INVALID");
    expect(await readdir(temporary.path())).to.deep.equal(["model"]);
  });

  it("refuses metadata that lists another model's files", async function () {
    const { modelPath, fetching, ...deployed } = await deploy();
    const change = (metadata: Metadata) => {
      const [first] = metadata.provenance.manifest.resources as Resource[];
      (first as { sha256: string }).sha256 = "00".repeat(32);
      return metadata;
    };
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true }, { metadata: change });
    expect(await errorCode(async () => fetching(tokenId))).to.equal("RECORD_CONTRADICTS");
  });

  it("refuses a manifest root that was not the one emitted", async function () {
    const { modelPath, fetching, ...deployed } = await deploy();
    const submission = { manifestRoot: `0x${"12".repeat(32)}` };
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true }, { submission });
    expect(await errorCode(async () => fetching(tokenId))).to.equal("RECORD_CONTRADICTS");
  });

  const elsewhere: Record<string, [Record<string, string>, string]> = {
    "a folder without one of the files": [{ "w.bin": "weights" }, "RECORD_CONTRADICTS"],
    "files of other lengths": [{ "w.bin": "weights!", "a/b.txt": "b" }, "STORE_BLOCK_CORRUPT"],
  };
  for (const [what, [files, code]] of Object.entries(elsewhere)) {
    it(`refuses a CID of ${what}`, async function () {
      const { tokenId, fetching, path } = await recordOtherContent(files);
      expect(await errorCode(async () => fetching(tokenId))).to.equal(code);
      expect(await readdir(path).catch((error: NodeJS.ErrnoException) => error.code)).to.equal("ENOENT");
    });
  }

  it("does not put in place what has the CID and not the digest", async function () {
    const { tokenId, fetching, path } = await recordOtherContent({ "w.bin": "WEIGHTS", "a/b.txt": "b" });
    const { report, path: left } = await fetching(tokenId);
    expect(report.verdict).to.equal("mismatch");
    expect(report.files.filter(({ status }) => status === "mismatch").map(({ name }) => name)).to.deep.equal(["w.bin"]);
    expect(left).to.include("fetched.partial-");
    expect(await readdir(path).catch((error: NodeJS.ErrnoException) => error.code)).to.equal("ENOENT");
  });

  /** Records a model with the CID of another folder. */
  async function recordOtherContent(files: Record<string, string>) {
    const { modelPath, ...deployed } = await deploy();
    const other = await temporary.write("other", files);
    const lure = await publishModel(deployed, other);
    const cid = metadataOf(deployed.store.blocks.values()).provenance.model?.cid as string;
    const change = (metadata: Metadata) => {
      metadata.provenance.model = { cid, profile: "unixfs-v1-2025", size: 8 };
      return metadata;
    };
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true }, { metadata: change });
    for (const block of [...lure.links, ...lure.content]) deployed.store.add(block);
    return { ...deployed, tokenId };
  }

  it("fetches what others cut, wrapped leaves and all, and finds it again after an interruption", async function () {
    const large = Buffer.alloc(3000 * KIB, "large");
    large.writeUInt32LE(1, 0);
    const files = { "w.bin": large, "sub/a.txt": "a", "sub/b.bin": Buffer.alloc(700 * KIB, 7) };
    const { modelPath, fetching, path, ...deployed } = await deploy(files);
    const entries = Object.entries(files).map(([name, content]) => ({ path: name, content: Buffer.from(content) }));
    const blockstore = {
      put: async (cid: CID, bytes: Uint8Array) => {
        // Links name their blocks in the old form, the record names the root in the new one.
        for (const name of [cid, cid.toV1()]) deployed.store.add({ cid: name, bytes });
        return cid;
      },
    };
    let root: CID | undefined;
    const options = { profile: "unixfs-v0-2015", wrapWithDirectory: true } as const;
    for await (const entry of importer(entries, blockstore, options)) root = entry.cid;
    const model = { cid: root?.toV1().toString() as string, profile: "unixfs-v0-2015", size: 1 };
    const change = (metadata: Metadata) => {
      metadata.provenance.model = model;
      return metadata;
    };
    const tokenId = await recordModel(deployed, { modelPath, statements: {}, withCid: true }, { metadata: change });

    const blocks = [...deployed.store.blocks];
    const [lost, bytes] = blocks.find(
      ([name, held]) => name.startsWith("Qm") && held.includes(97) && held.length < 20,
    ) as [string, Uint8Array];
    deployed.store.blocks.delete(lost);
    expect(await errorCode(async () => fetching(tokenId))).to.equal("STORE_BLOCK_MISSING");
    deployed.store.blocks.set(lost, bytes);
    const { report, keptBytes } = await fetching(tokenId);
    expect(report.verdict).to.equal("verified");
    expect(keptBytes).to.be.greaterThan(0);
    expect((await readFile(join(path, "w.bin"))).equals(large)).to.equal(true);
  });
});

function metadataOf(blocks: Iterable<Uint8Array>): Metadata {
  for (const bytes of blocks) {
    if (bytes[0] === 0x7b) return JSON.parse(Buffer.from(bytes).toString("utf8")) as Metadata;
  }
  throw new Error("There is no metadata among the blocks.");
}
