import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import * as fc from "fast-check";
import { readZip, writeZip } from "../../../src/base/zip-archive.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const LIST =
  "import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; " +
  "print(json.dumps([[n, z.read(n).decode('latin1')] for n in z.namelist()]))";

describe("writeZip", function () {
  const temporary = useTemporaryFolder();

  it("writes what it reads again, whatever the names and contents", function () {
    const file = fc.record({ name: fc.string({ unit: "grapheme", minLength: 1 }), bytes: fc.uint8Array() });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 5 }), (files) => {
        fc.pre(files.every(({ name }) => name.isWellFormed()));
        expect(readZip(writeZip(files))).to.deep.equal(files);
      }),
    );
  });

  it("writes archives that Python's zipfile reads, checksums and names included", async function () {
    const files = [
      { name: "a.txt", bytes: Buffer.from("text") },
      { name: "日本語/🚀.bin", bytes: Buffer.from([0, 255, 10]) },
      { name: "empty", bytes: Buffer.alloc(0) },
    ];
    const path = temporary.path("a.zip");
    await writeFile(path, writeZip(files));
    const { status, stdout, stderr, error } = spawnSync("python3", ["-c", LIST, path], { encoding: "utf8" });
    if (error !== undefined) {
      console.log("    skipped: there is no python3");
      return this.skip();
    }
    expect(status, stderr).to.equal(0);
    const wanted = files.map(({ name, bytes }) => [name, bytes.toString("latin1")]);
    expect(JSON.parse(stdout)).to.deep.equal(wanted);
  });

  it("reads nothing out of what is no archive", function () {
    const archive = writeZip([{ name: "a", bytes: Buffer.from("a") }]);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), archive.subarray(0, -1), archive.subarray(40)]) {
      expect(readZip(bytes)).to.equal(undefined);
    }
  });
});
