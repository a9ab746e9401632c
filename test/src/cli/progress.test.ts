import { expect } from "chai";
import { createProgress } from "../../../src/cli/progress.ts";

const MEGABYTE = 1_000_000;

describe("createProgress", function () {
  function follow(isTTY: boolean, millisecondsPerStep: number) {
    let time = 0;
    const written: string[] = [];
    const progress = createProgress({ isTTY, write: (text) => written.push(text) }, () => time);
    progress.onTotal(100 * MEGABYTE);
    for (let i = 0; i < 100; i++) {
      time += millisecondsPerStep;
      progress.onBytes(MEGABYTE);
    }
    progress.end();
    return written;
  }

  it("writes a line for each tenth where there is no terminal", function () {
    const lines = follow(false, 1000);
    expect(lines).to.have.length(10);
    expect(lines[0]).to.equal("hashing: 10 % of 100.0 MB, 1.0 MB/s, 90 s left\n");
    expect(lines.at(-1)).to.equal("hashing: 100 % of 100.0 MB, 1.0 MB/s, 0 s left\n");
  });

  it("draws one line again at most ten times a second on a terminal, and takes it off", function () {
    const drawn = follow(true, 20);
    expect(drawn.length).to.be.lessThan(20);
    expect(drawn.slice(0, -1).every((text) => text.startsWith("\r\u001b[Khashing: "))).to.equal(true);
    expect(drawn.at(-1)).to.equal("\r\u001b[K");
  });

  it("says what is done with the bytes, and counts from when there are any", function () {
    let time = 0;
    const written: string[] = [];
    const progress = createProgress({ write: (text) => written.push(text) }, () => time, "fetching");
    time = 60_000;
    progress.onTotal(2 * MEGABYTE);
    time += 1000;
    progress.onBytes(MEGABYTE);
    expect(written).to.deep.equal(["fetching: 50 % of 2.0 MB, 1.0 MB/s, 1 s left\n"]);
  });

  it("is silent where there is nothing to wait for", function () {
    expect(follow(true, 1)).to.deep.equal([]);
    expect(follow(false, 1)).to.deep.equal([]);
  });
});
