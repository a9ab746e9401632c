import { createHash } from "node:crypto";
import { expect } from "chai";
import { readMetadata } from "../../../src/metadata/read-metadata.ts";
import { METADATA_MAX_BYTES } from "../../../src/metadata/schema.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { readVectorFile } from "../../helpers/vectors.ts";

const { base } = readVectorFile("valid", "metadata") as { base: Record<string, unknown> };
const whole = Buffer.from(JSON.stringify(base));

async function read(bytes: Uint8Array) {
  const digest = createHash("sha256").update(bytes).digest("hex");
  return readMetadata(`0x${digest}`, new MemoryStore([rawBlock(bytes)]));
}

describe("readMetadata", function () {
  it("reads the metadata that a digest names", async function () {
    expect(await read(whole)).to.deep.equal(base);
  });

  const refused: Record<string, [Uint8Array, string]> = {
    "what is no JSON": [Buffer.from("<html>"), "METADATA_INVALID"],
    "JSON of another format": [Buffer.from('{"name":"x"}'), "METADATA_INVALID"],
    "what is nested too deep": [Buffer.from("[".repeat(100_000)), "METADATA_INVALID"],
    "more than 1 MiB": [Buffer.from(whole.toString().padEnd(METADATA_MAX_BYTES + 1, " ")), "METADATA_TOO_LARGE"],
  };
  for (const [what, [bytes, code]] of Object.entries(refused)) {
    it(`refuses ${what}`, async function () {
      expect(await errorCode(() => read(bytes))).to.equal(code);
    });
  }

  it("refuses other bytes, and says that they are missing", async function () {
    const { cid } = rawBlock(whole);
    const digest = `0x${Buffer.from(cid.multihash.digest).toString("hex")}` as const;
    const lying = new MemoryStore([{ cid, bytes: Buffer.from(`${whole.toString()} `) }]);
    expect(await errorCode(() => readMetadata(digest, lying))).to.equal("METADATA_DIGEST_MISMATCH");
    expect(await errorCode(() => readMetadata(digest, new MemoryStore()))).to.equal("STORE_BLOCK_MISSING");
  });
});
