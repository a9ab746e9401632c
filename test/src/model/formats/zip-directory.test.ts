import { expect } from "chai";
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { bytesSource } from "../../../../src/model/formats/byte-source.ts";
import { findUnsafeSerialization } from "../../../../src/model/formats/unsafe-serialization.ts";
import { listZip } from "../../../../src/model/formats/zip-directory.ts";
import { failureOf, toSources } from "../../../helpers/model-vectors.ts";
import { type ZipOddities, createZip } from "../../../helpers/zip-archive.ts";

const PICKLE = "\x80\x04cos\nsystem\n(.";
const list = async (archive: Buffer) => (await listZip(bytesSource(archive))).map(({ name }) => name);
const isUnsafe = async (archive: Buffer) =>
  (await findUnsafeSerialization(toSources({ "weights.dat": archive }))).length === 1;

describe("listZip", function () {
  const plain = { "notes.txt": "one", "data/more.txt": "two" };

  for (const odd of [{}, { descriptors: true }, { comment: "said of it" }] satisfies ZipOddities[]) {
    it(`lists an archive with ${JSON.stringify(odd)}, which runs no code`, async function () {
      expect(await list(createZip(plain, odd))).to.deep.equal(Object.keys(plain));
      expect(await isUnsafe(createZip(plain, odd))).to.equal(false);
    });
  }

  const hidden = createZip({ "data.pkl": PICKLE });
  for (const [what, archive] of [
    ["bytes before the first file", createZip(plain, { prefix: Buffer.from("MZ") })],
    ["another archive before it", Buffer.concat([hidden, createZip(plain)])],
    ["another archive behind it", Buffer.concat([createZip(plain), hidden])],
    ["another archive in its comment", createZip(plain, { comment: hidden.toString("latin1") })],
    ["bytes between its files", createZip(plain, { gap: Buffer.from("gap") })],
    ["bytes before its directory", createZip(plain, { beforeDirectory: hidden })],
    ["bytes behind its end", createZip(plain, { suffix: Buffer.from("x") })],
    ["a file that its own header calls otherwise", createZip(plain, { localNames: { "notes.txt": "notes.pkl" } })],
    ["a name that ends at a NUL for Python", createZip({ "data.pkl\0.txt": PICKLE })],
  ] as const) {
    it(`refuses ${what}, and takes the file for one that may run code`, async function () {
      expect(await failureOf(() => list(archive))).to.equal("MODEL_HEADER_INVALID");
      expect(await isUnsafe(archive)).to.equal(true);
    });
  }

  it("sees the archive behind other bytes that Python's reader opens", async function () {
    expect(await isUnsafe(Buffer.concat([Buffer.alloc(5000, 1), hidden]))).to.equal(true);
  });

  it("lists what Python's zipfile lists, or refuses the archive", async function () {
    this.timeout(60_000);
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,3})?\.(pkl|txt|npy)$/), { maxLength: 4 });
    const bytes = fc.uint8Array({ maxLength: 30 });
    const odd = fc.record(
      {
        prefix: bytes,
        gap: bytes,
        descriptors: fc.boolean(),
        beforeDirectory: bytes,
        suffix: bytes,
        comment: fc.string(),
      },
      { requiredKeys: [] },
    );
    const archives = fc.sample(
      fc
        .tuple(fc.array(fc.tuple(names, odd), { minLength: 1, maxLength: 2 }), bytes)
        .map(([parts, content]) =>
          Buffer.concat(
            parts.map(([list, how]) =>
              createZip(Object.fromEntries(list.map((name) => [name, content])), how as ZipOddities),
            ),
          ),
        ),
      200,
    );
    const seen = readByPython(archives);
    if (seen === undefined) return this.skip();
    for (const [i, archive] of archives.entries()) {
      const ours = await list(archive).catch(() => undefined);
      if (ours !== undefined) expect(ours.toSorted(), archive.toString("hex")).to.deep.equal(seen[i]?.toSorted());
    }
  });
});

const READ = `
import base64, io, json, sys, zipfile
def names(line):
    try:
        return zipfile.ZipFile(io.BytesIO(base64.b64decode(line))).namelist()
    except Exception:
        return None
json.dump([names(line) for line in sys.stdin], sys.stdout)
`;

function readByPython(archives: readonly Buffer[]): (string[] | null)[] | undefined {
  try {
    const input = archives.map((archive) => `${archive.toString("base64")}\n`).join("");
    return JSON.parse(execFileSync("python3", ["-c", READ], { input, encoding: "utf8" })) as (string[] | null)[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    console.log("    skipped: there is no python3 on the PATH");
    return undefined;
  }
}
