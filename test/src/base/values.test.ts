import { expect } from "chai";
import * as fc from "fast-check";
import { describeSeconds, isoTime } from "../../../src/cli/describe-time.ts";
import { parseDuration, parseLimit, parseMoment, parsePrice } from "../../../src/base/values.ts";

describe("parseMoment", function () {
  it("reads dates, times, durations and Unix times", function () {
    expect(parseMoment("0")).to.deep.equal({ at: 0n });
    expect(parseMoment("1800000000")).to.deep.equal({ at: 1_800_000_000n });
    expect(parseMoment("2027-01-31")).to.deep.equal({ at: 1_801_353_600n });
    expect(parseMoment("2027-01-31T12:00Z")).to.deep.equal({ at: 1_801_396_800n });
    expect(parseMoment("2027-01-31T12:00:05Z")).to.deep.equal({ at: 1_801_396_805n });
    expect(parseMoment("30m")).to.deep.equal({ after: 1800n });
    expect(parseMoment("12h")).to.deep.equal({ after: 43_200n });
    expect(parseMoment("30d")).to.deep.equal({ after: 2_592_000n });
    expect(parseMoment("4w")).to.deep.equal({ after: 2_419_200n });
  });

  it("refuses what it does not read for certain", function () {
    for (const text of [
      "",
      "soon",
      "-1",
      "1.5d",
      "0d",
      "1y",
      "30 d",
      "2027-02-30",
      "2027-13-01",
      "31.01.2027",
      "2027-01-31T12:00",
      "2027-01-31T24:01Z",
      "2027-01-31T12:00+02:00",
      "1e9",
      "9".repeat(13),
    ]) {
      expect(parseMoment(text), text).to.equal(undefined);
    }
  });

  it("reads back every second that is written", function () {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250_000_000_000 }), (seconds) => {
        expect(parseMoment(isoTime(seconds))).to.deep.equal({ at: BigInt(seconds) });
      }),
    );
  });

  it("never throws", function () {
    fc.assert(fc.property(fc.string(), (text) => void parseMoment(text)));
  });
});

describe("what an offer of licences says", function () {
  it("is read, up to what the market holds", function () {
    expect(parsePrice("0.05", true)).to.equal(5n * 10n ** 16n);
    expect(parsePrice("25000000", false)).to.equal(25_000_000n);
    expect(parsePrice(String(2n ** 128n - 1n), false)).to.equal(2n ** 128n - 1n);
    expect(parsePrice("0", true)).to.equal(0n);
    expect(parseDuration("30d")).to.equal(2_592_000n);
    expect(parseLimit("3")).to.equal(3n);
  });

  it("is refused where it is not certain", function () {
    for (const text of ["", "-1", "1,5", "1e3", "0x10", "1.", "0.0000000000000000001", String(2n ** 128n)])
      expect(parsePrice(text, true), text).to.equal(undefined);
    for (const text of ["", "0.5", "-1", " 1", String(2n ** 128n)])
      expect(parsePrice(text, false), text).to.equal(undefined);
    for (const text of ["", "2027-01-31", "1800000000", "0d", "9999999w"])
      expect(parseDuration(text), text).to.equal(undefined);
    for (const text of ["", "0", "-1", "1.5", "1000000000"]) expect(parseLimit(text), text).to.equal(undefined);
  });
});

describe("times in sentences", function () {
  it("are ISO 8601 where that can be, and whole units", function () {
    expect(isoTime(1_801_396_800)).to.equal("2027-01-31T12:00:00Z");
    expect(isoTime(2n ** 64n - 1n)).to.include("Unix time");
    expect(describeSeconds(259_200)).to.equal("3 days");
    expect(describeSeconds(3600)).to.equal("1 hour");
    expect(describeSeconds(90)).to.equal("90 seconds");
    expect(describeSeconds(0)).to.equal("0 seconds");
  });
});
