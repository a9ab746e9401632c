import { createHash } from "node:crypto";
import { expect } from "chai";
import * as fc from "fast-check";
import { parseCacheFile } from "../../../../src/model/hashing/digest-cache-file.ts";

const KEY = "1:2:3:4:5";
const SHA = "ab".repeat(32);

/** A cache file whose own digest is right, whatever it holds. */
function cacheFile(entries: string): Buffer {
  const digest = createHash("sha256").update(entries).digest("hex");
  return Buffer.from(`{"format":"model-provenance digest cache 1","sha256":"${digest}","entries":${entries}}\n`);
}

describe("parseCacheFile", function () {
  it("takes well-formed entries", function () {
    const leaves = Buffer.alloc(64, 1).toString("base64");
    const rows = { [KEY]: [7, SHA], [`1:2:${1024 * 1024 + 1}:-4:5`]: [8, SHA, leaves] };
    const { entries, fault } = parseCacheFile(cacheFile(JSON.stringify(rows)));
    expect(fault).to.equal(undefined);
    expect([...entries.keys()]).to.deep.equal(Object.keys(rows));
  });

  const invalid: Record<string, unknown> = {
    "a key of another form": { "1:2:3:4": [7, SHA] },
    "a key that is no number": { "1:2:3:4:x": [7, SHA] },
    "a short digest": { [KEY]: [7, SHA.slice(2)] },
    "upper-case digits": { [KEY]: [7, SHA.toUpperCase()] },
    "no digest": { [KEY]: [7] },
    "no time": { [KEY]: [null, SHA] },
    "a time before 1970": { [KEY]: [-1, SHA] },
    "leaves of another number": { [KEY]: [7, SHA, Buffer.alloc(64).toString("base64")] },
    "leaves that are no text": { [KEY]: [7, SHA, 5] },
    "more than an entry has": { [KEY]: [7, SHA, "", 1] },
    "no list": { [KEY]: { used: 7 } },
  };
  for (const [what, value] of Object.entries(invalid)) {
    it(`drops an entry with ${what}, and says so`, function () {
      const { entries, fault } = parseCacheFile(cacheFile(JSON.stringify(value)));
      expect([entries.size, typeof fault]).to.deep.equal([0, "string"]);
    });
  }

  it("never fails, whatever the bytes", function () {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.json().map(cacheFile),
      fc.string().map(cacheFile),
    );
    fc.assert(fc.property(bytes, (content) => parseCacheFile(content).entries.size === 0));
  });
});
