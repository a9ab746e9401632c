import { expect } from "chai";
import { BlackHoleBlockstore } from "blockstore-core/black-hole";
import * as fc from "fast-check";
import { importer } from "ipfs-unixfs-importer";
import { hashModel } from "../../../src/model/hash-model.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { type UnixfsEntry, buildUnixfsFolder } from "../../../src/content/unixfs/unixfs-folder.ts";
import { arbitraryName } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("the CID of a model", function () {
  const temporary = useTemporaryFolder();

  it("is the one that the reference importer gives a folder, whatever the names", async function () {
    await fc.assert(
      fc.asyncProperty(fileNames, async (names) => {
        expect(ours(names)).to.deep.equal(await reference(contentsOf(names)));
      }),
      { numRuns: 50 },
    );
  });

  for (const [what, names] of Object.entries({
    "a folder too large for one block": Array.from({ length: 4000 }, (_, i) => `model-${i}-of-04000.safetensors`),
    "such a folder in another": Array.from({ length: 6000 }, (_, i) => `shards/${"x".repeat(i % 50)}-${i}`),
    "one just below the limit beside one above": Array.from({ length: 6400 }, (_, i) => `${i % 3 ? "a" : "b"}/${i}`),
  })) {
    it(`is the one that the reference importer gives ${what}`, async function () {
      expect(ours(names)).to.deep.equal(await reference(contentsOf(names)));
    });
  }

  it("is computed in the pass that hashes, for files of several leaves too", async function () {
    const contents = {
      "README.md": Buffer.from("text"),
      "sub/large.bin": Buffer.alloc(3 * 2 ** 20 + 1, 7),
      ".hidden": Buffer.alloc(0),
    };
    const model = await hashModel(await temporary.write("model", contents), { withCid: true });
    const { cid } = await reference(new Map(Object.entries(contents)));
    expect(model.cid).to.equal(cid);
  });

  it("is that of the file, for a model of one file", async function () {
    const folder = await temporary.write("one", { "weights.bin": "weights" });
    const { cid } = await hashModel(`${folder}/weights.bin`, { withCid: true });
    expect(cid).to.equal(rawBlock(Buffer.from("weights")).cid.toString());
  });
});

// On a disk no name is both a file and a folder.
const fileNames = fc
  .uniqueArray(arbitraryName(), { minLength: 1, maxLength: 12 })
  .filter((names) => !names.some((name) => names.some((other) => other.startsWith(`${name}/`))));

function contentsOf(names: readonly string[]): Map<string, Uint8Array> {
  return new Map(names.map((name) => [name, Buffer.from(`content of ${name}`)]));
}

function ours(names: readonly string[]) {
  const files = [...contentsOf(names)].map(([name, bytes]): [string, UnixfsEntry] => [
    name,
    { cid: rawBlock(bytes).cid, dagSize: bytes.length },
  ]);
  const blocks = buildUnixfsFolder(files);
  for (;;) {
    const { value, done } = blocks.next();
    if (done) return { cid: value.cid.toString(), size: value.dagSize };
  }
}

async function reference(contents: ReadonlyMap<string, Uint8Array>) {
  const files = [...contents].map(([path, content]) => ({ path, content }));
  let last: { cid: unknown; size: bigint } | undefined;
  const options = { profile: "unixfs-v1-2025", wrapWithDirectory: true } as const;
  for await (const entry of importer(files, new BlackHoleBlockstore(), options)) last = entry;
  return { cid: String(last?.cid), size: Number(last?.size) };
}
