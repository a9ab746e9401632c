import { expect } from "chai";
import fc from "fast-check";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { TransientFailure, readRetryAfter, waitFor, withRetries } from "../../../../src/base/http/retry.ts";
import { errorCode } from "../../../helpers/error-code.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("readRetryAfter", function () {
  const headers: [string | null | undefined, number | undefined][] = [
    ["0", 0],
    ["7", 7000],
    [" 120 ", 120_000],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Thursday, 01-Jan-26 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
    [null, undefined],
    [undefined, undefined],
    ["", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["1e3", undefined],
    ["soon", undefined],
    ["99999999999999999999", undefined],
    ["2026", 2_026_000],
  ];
  for (const [header, expected] of headers) {
    it(`reads ${JSON.stringify(header)}`, function () {
      expect(readRetryAfter(header, NOW)).to.equal(expected);
    });
  }

  it("answers with a pause or with nothing, whatever it is given", function () {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const pause = readRetryAfter(text, NOW);
        return pause === undefined || (pause >= 0 && Number.isFinite(pause));
      }),
    );
  });
});

describe("withRetries", function () {
  const failing = (times: number, retryAfter?: number) => {
    let calls = 0;
    return async (attempt: number) => {
      calls++;
      expect(attempt).to.equal(calls);
      if (calls <= times) throw new TransientFailure(new ProvenanceError("STORE_FAILED", "down"), retryAfter);
      return calls;
    };
  };

  it("doubles its pauses up to half a minute", async function () {
    const waits: number[] = [];
    const wait = async (milliseconds: number) => waits.push(milliseconds);
    expect(await withRetries(failing(9), { attempts: 10, wait })).to.equal(10);
    expect(waits).to.deep.equal([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("does not try again what will not pass", async function () {
    const error = new TypeError("a fault of ours");
    let calls = 0;
    const attempt = async () => {
      calls++;
      throw error;
    };
    expect(await withRetries(attempt).catch((caught: unknown) => caught)).to.equal(error);
    expect(calls).to.equal(1);
  });

  it("waits by the clock, and is woken by the signal", async function () {
    const stop = new AbortController();
    const waiting = withRetries(failing(1, 100_000), { wait: waitFor }, stop.signal);
    setImmediate(() => stop.abort());
    expect(await errorCode(async () => waiting)).to.equal("INTERRUPTED");
    expect(await errorCode(async () => withRetries(failing(0), {}, stop.signal))).to.equal("INTERRUPTED");
    expect(await withRetries(failing(1, 0))).to.equal(2);
  });
});
