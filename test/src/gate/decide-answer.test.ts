import { expect } from "chai";
import * as fc from "fast-check";
import { decideAnswer } from "../../../src/gate/decide-answer.ts";

const ETAG = '"abc"';

describe("decideAnswer", function () {
  for (const [range, start, end] of [
    ["bytes=0-0", 0, 0],
    ["bytes=0-", 0, 9],
    ["bytes=3-5", 3, 5],
    ["bytes=9-9", 9, 9],
    ["bytes=5-100", 5, 9],
    ["bytes=-1", 9, 9],
    ["bytes=-100", 0, 9],
    ["Bytes=2-4", 2, 4],
  ] as const) {
    it(`answers ${range} with ${start}-${end} of 10 bytes`, function () {
      expect(decideAnswer(10, ETAG, { range })).to.deep.equal({ status: 206, range: { start, end } });
    });
  }

  for (const range of ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=9999999999999999-"]) {
    it(`cannot answer ${range} of 10 bytes`, function () {
      expect(decideAnswer(10, ETAG, { range })).to.deep.equal({ status: 416 });
    });
  }

  for (const range of [
    "bytes=",
    "bytes=-",
    "bytes=5-3",
    "bytes=a-b",
    "lines=1-2",
    "bytes=0-1,3-4",
    "bytes 0-1",
    "bytes=0x1-2",
    "",
  ]) {
    it(`answers ${JSON.stringify(range)} with all`, function () {
      expect(decideAnswer(10, ETAG, { range })).to.deep.equal({ status: 200 });
    });
  }

  it("has no range of an empty file", function () {
    expect(decideAnswer(0, ETAG, { range: "bytes=0-" })).to.deep.equal({ status: 416 });
    expect(decideAnswer(0, ETAG, {})).to.deep.equal({ status: 200 });
  });

  it("answers a part only of the file that is known", function () {
    const range = "bytes=0-1";
    expect(decideAnswer(10, ETAG, { range, ifRange: ETAG }).status).to.equal(206);
    for (const ifRange of ['"other"', `W/${ETAG}`, "Wed, 21 Oct 2015 07:28:00 GMT", "abc"]) {
      expect(decideAnswer(10, ETAG, { range, ifRange }).status).to.equal(200);
    }
  });

  it("looks at entity tags before ranges", function () {
    const range = "bytes=0-1";
    for (const ifNoneMatch of [ETAG, `W/${ETAG}`, `"x", ${ETAG}`, "*"]) {
      expect(decideAnswer(10, ETAG, { range, ifNoneMatch }).status).to.equal(304);
    }
    expect(decideAnswer(10, ETAG, { range, ifNoneMatch: '"x"' }).status).to.equal(206);
    expect(decideAnswer(10, ETAG, { ifMatch: `"x", ${ETAG}` }).status).to.equal(200);
    for (const ifMatch of ['"x"', `W/${ETAG}`]) expect(decideAnswer(10, ETAG, { ifMatch }).status).to.equal(412);
  });

  it("never goes beyond the file", function () {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.string(), fc.nat(), fc.nat(), (size, text, a, b) => {
        for (const range of [text, `bytes=${a}-${b}`, `bytes=-${a}`, `bytes=${a}-`]) {
          const answer = decideAnswer(size, ETAG, { range });
          if (answer.status !== 206) continue;
          expect(answer.range.start).to.be.within(0, answer.range.end);
          expect(answer.range.end).to.be.below(size);
        }
      }),
    );
  });
});
