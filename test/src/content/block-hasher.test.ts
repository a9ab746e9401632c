import { createHash } from "node:crypto";
import { expect } from "chai";
import { allocatePages } from "../../../src/base/direct-file.ts";
import { BlockHasher } from "../../../src/content/block-hasher.ts";

const MIB = 1024 * 1024;

describe("BlockHasher", function () {
  it("gives the same digests here and in a thread, in the order of the blocks", async function () {
    const shared = allocatePages(3 * MIB);
    for (let i = 0; i < 3; i++) shared.fill(i, i * MIB, (i + 1) * MIB);
    const blocks = [shared.subarray(0, MIB), shared.subarray(2 * MIB), shared.subarray(MIB, 2 * MIB)];
    const expected = blocks.map((block) => createHash("sha256").update(block).digest("hex"));
    const hasher = new BlockHasher(1);
    try {
      // Later ones are given to the thread.
      const rounds = await Promise.all(Array.from({ length: 30 }, async () => hasher.digest(blocks)));
      for (const digests of [
        ...rounds,
        await hasher.digest(blocks),
        await hasher.digest(blocks.map((b) => Buffer.from(b))),
      ])
        expect(digests.map((digest) => Buffer.from(digest).toString("hex"))).to.deep.equal(expected);
    } finally {
      await hasher.close();
    }
  });
});
