import { createHash } from "node:crypto";
import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { lstat, rm, symlink } from "node:fs/promises";
import { expect } from "chai";
import * as fc from "fast-check";
import { type FileToCut, digestLeaves } from "../../../../src/model/hashing/digest-leaves.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

describe("digestLeaves", function () {
  const temporary = useTemporaryFolder();

  async function write(...contents: Uint8Array[]): Promise<FileToCut[]> {
    const folder = await temporary.write("model", Object.fromEntries(contents.map((content, i) => [`f${i}`, content])));
    return Promise.all(
      contents.map(async ({ length }, i) => {
        const path = `${folder}/f${i}`;
        return { path, size: length, identity: await lstat(path, { bigint: true }) };
      }),
    );
  }

  for (const threads of [1, 2, 3]) {
    it(`hashes each MiB of files of all sizes with ${threads} threads, and counts the bytes`, async function () {
      const sizes = [0, 1, MIB - 1, MIB, MIB + 1, 33 * MIB, 32 * MIB + 5, 64 * MIB];
      const contents = sizes.map(createContent);
      let counted = 0;
      const digests = await digestLeaves(await write(...contents), { threads, onBytes: (bytes) => (counted += bytes) });
      expect(digests.map((digest) => Buffer.from(digest))).to.deep.equal(contents.map(leavesOf));
      expect(counted).to.equal(sizes.reduce((sum, size) => sum + size, 0));
    });
  }

  it("reads no further than it is told", async function () {
    const content = createContent(3 * MIB);
    const [file] = await write(content);
    const [digest] = await digestLeaves([{ ...(file as FileToCut), size: MIB + 7 }]);
    expect(Buffer.from(digest ?? [])).to.deep.equal(leavesOf(content.subarray(0, MIB + 7)));
  });

  it("hashes any lengths as they are", async function () {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2 * MIB + 1 }), { minLength: 1, maxLength: 4 }), async (sizes) => {
        const contents = sizes.map(createContent);
        const digests = await digestLeaves(await write(...contents), { threads: 2 });
        expect(digests.map((digest) => Buffer.from(digest))).to.deep.equal(contents.map(leavesOf));
      }),
      { numRuns: 20 },
    );
  });

  const changes: Record<string, (path: string) => void> = {
    grows: (path) => appendFileSync(path, "more"),
    "is cut short": (path) => truncateSync(path, 10),
    "is written again in the same length": (path) => writeFileSync(path, createContent(2 * MIB).fill(7)),
  };
  for (const [how, change] of Object.entries(changes)) {
    it(`refuses a file that ${how} before it is read, and one that does so meanwhile`, async function () {
      const files = await write(createContent(2 * MIB));
      let done = false;
      const onBytes = () => {
        if (!done) change((files[0] as FileToCut).path);
        done = true;
      };
      expect(await errorCode(() => digestLeaves(files, { onBytes }))).to.equal("MODEL_CHANGED");
      expect(await errorCode(() => digestLeaves(files))).to.equal("MODEL_CHANGED");
    });
  }

  it("names what went wrong in a thread", async function () {
    const files = await write(createContent(20 * MIB), createContent(20 * MIB));
    const { path } = files[1] as FileToCut;
    await rm(path);
    expect(await errorCode(() => digestLeaves(files, { threads: 2 }))).to.equal("MODEL_CHANGED");
    await symlink("f0", path);
    expect(await errorCode(() => digestLeaves(files, { threads: 2 }))).to.equal("MODEL_UNREADABLE");
  });
});

function leavesOf(content: Buffer): Buffer {
  const count = Math.max(1, Math.ceil(content.length / MIB));
  return Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      createHash("sha256")
        .update(content.subarray(i * MIB, (i + 1) * MIB))
        .digest(),
    ),
  );
}

function createContent(size: number): Buffer {
  const content = Buffer.alloc(size);
  for (let i = 0; i < size; i += 4093) content[i] = i % 251;
  return content;
}
