import { expect } from "chai";
import { buildManifestEntry, readManifestEntry, toPinnableFile } from "../../../src/metadata/manifest-entry.ts";
import { type ManifestEntry, manifestFileSchema } from "../../../src/metadata/schema.ts";
import type { Resource } from "../../../src/model/resource.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { createModel } from "../../helpers/metadata.ts";

const small = createModel();
const many: Resource[] = Array.from({ length: 9000 }, (_, i) => ({
  name: `shards/model-${String(i).padStart(5, "0")}-of-09000.safetensors`,
  size: i,
  sha256: i.toString(16).padStart(64, "0"),
}));
const large = { ...small, resources: many };

describe("manifest-entry", function () {
  it("stands inline where the files are few", async function () {
    const { manifest, file } = await buildManifestEntry({ ...small, ignorePaths: ["logs"] });
    expect(file).to.equal(undefined);
    expect(manifest).to.deep.equal({
      method: "files",
      hashType: "sha256",
      ignorePaths: ["logs"],
      resources: small.resources,
    });
    expect(await readManifestEntry(manifest, new MemoryStore())).to.deep.equal(small.resources);
  });

  it("moves to a file of its own where they are many, and reads back", async function () {
    const { manifest, file } = await buildManifestEntry(large);
    expect(manifest.resources).to.equal(undefined);
    expect(manifest.file).to.include({ cid: file?.root.toString(), count: 9000 });
    expect(file?.blocks.at(-1)?.cid.toString()).to.equal(file?.root.toString());
    expect(await readManifestEntry(manifest, new MemoryStore(file?.blocks))).to.deep.equal(many);
  });

  it("has room inline for about 5 000 files", async function () {
    expect((await buildManifestEntry({ ...small, resources: many.slice(0, 5000) })).file).to.equal(undefined);
    expect((await buildManifestEntry({ ...small, resources: many.slice(0, 7500) })).file).to.not.equal(undefined);
  });

  describe("readManifestEntry refuses", function () {
    async function fileEntry(bytes: Uint8Array, change: Partial<NonNullable<ManifestEntry["file"]>> = {}) {
      const { root, blocks } = await toPinnableFile(bytes);
      const digest = `0x${rawBlock(bytes).cid.multihash.digest.reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "")}`;
      const file = { cid: root.toString(), digest, size: bytes.length, count: 1, ...change };
      return {
        manifest: { method: "files", hashType: "sha256", ignorePaths: [], file } satisfies ManifestEntry,
        store: new MemoryStore(blocks),
      };
    }
    const valid = Buffer.from(JSON.stringify({ resources: [small.resources[0]] }));

    it("nothing of a valid file", async function () {
      const { manifest, store } = await fileEntry(valid);
      expect(await readManifestEntry(manifest, store)).to.deep.equal(
        manifestFileSchema.parse(JSON.parse(valid.toString())).resources,
      );
    });

    const refused: Record<string, [Uint8Array, Partial<NonNullable<ManifestEntry["file"]>>, string]> = {
      "another digest": [valid, { digest: `0x${"ab".repeat(32)}` }, "METADATA_DIGEST_MISMATCH"],
      "a file longer than it was said to be": [valid, { size: valid.length - 1 }, "STORE_BLOCK_CORRUPT"],
      "what is no JSON": [Buffer.from("{"), {}, "METADATA_INVALID"],
      "a manifest without resources": [Buffer.from('{"resources":[]}'), {}, "METADATA_INVALID"],
      "another document": [Buffer.from('{"resources":[{"name":"a"}]}'), {}, "METADATA_INVALID"],
      "a text that only looks like a CID": [valid, { cid: "bafkrei22222222" }, "METADATA_INVALID"],
      "a file that is missing": [valid, { cid: rawBlock(Buffer.from("other")).cid.toString() }, "STORE_BLOCK_MISSING"],
    };
    for (const [what, [bytes, change, code]] of Object.entries(refused)) {
      it(what, async function () {
        const { manifest, store } = await fileEntry(bytes, change);
        expect(await errorCode(() => readManifestEntry(manifest, store))).to.equal(code);
      });
    }
  });
});
