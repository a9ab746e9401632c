import { expect } from "chai";
import { BufferPool, giveBack } from "../../../src/content/buffer-pool.ts";

describe("BufferPool", function () {
  it("reads into a buffer again once every part of it was given back, each once", function () {
    const pool = new BufferPool(8);
    const buffer = pool.take();
    const parts = [buffer.subarray(0, 4), buffer.subarray(4)] as const;
    pool.lend(buffer, parts);
    giveBack(parts[0]);
    giveBack(parts[0]);
    giveBack(buffer.subarray(4)); // another view: nobody lent it
    expect(pool.take()).to.not.equal(buffer);
    giveBack(parts[1]);
    expect(pool.take()).to.equal(buffer);
  });

  it("leaves bytes from elsewhere alone", function () {
    const pool = new BufferPool(8);
    const other = Buffer.alloc(8, 7);
    giveBack(other);
    expect(pool.take()).to.not.equal(other);
  });
});
