import { open, readFile } from "node:fs/promises";
import { expect } from "chai";
import * as fc from "fast-check";
import { LongFile } from "../../../src/base/long-file.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const sizes = fc.array(
  fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(4095, 4096, MIB, 4 * MIB - 1, 4 * MIB, 5 * MIB)),
  {
    maxLength: 10,
  },
);

describe("LongFile", function () {
  const temporary = useTemporaryFolder();

  /** Writes pieces of these sizes. @param passBy - the path by which the page cache may be passed by */
  async function write(lengths: readonly number[], passBy: (path: string) => string) {
    const path = temporary.path("long");
    const pieces = lengths.map((length, i) => Buffer.alloc(length, i + 1));
    const file = await open(path, "w");
    try {
      const long = new LongFile(file, passBy(path));
      for (const piece of pieces) {
        await long.append(piece);
        piece.fill(0); // it took a copy
      }
      await long.end();
      expect(long.size).to.equal(lengths.reduce((sum, length) => sum + length, 0));
    } finally {
      await file.close();
    }
    const expected = Buffer.concat(lengths.map((length, i) => Buffer.alloc(length, i + 1)));
    expect((await readFile(path)).equals(expected)).to.equal(true);
  }

  it("holds what was appended, byte by byte, and nothing behind it", async function () {
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => write(lengths, (path) => path)),
      { numRuns: 15, examples: [[[]], [[4096]], [[4 * MIB, 1]]] },
    );
  });

  it("is written as any file where the page cache cannot be passed by", async function () {
    await write([5 * MIB, 1, 3 * MIB], () => temporary.path("is not there"));
  });

  it("says what the disk refused, once nothing is under way", async function () {
    const path = temporary.path("long");
    await (await open(path, "w")).close();
    const file = await open(path, "r");
    const long = new LongFile(file, temporary.path("is not there"));
    await long.append(Buffer.from("text"));
    expect(await long.end().catch(({ code }: NodeJS.ErrnoException) => code)).to.equal("EBADF");
    await file.close();
  });
});
