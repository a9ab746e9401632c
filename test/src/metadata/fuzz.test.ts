import { createHash } from "node:crypto";
import { expect } from "chai";
import * as fc from "fast-check";
import { parseUntrustedJson } from "../../../src/metadata/json-limits.ts";
import { readManifestEntry, toPinnableFile } from "../../../src/metadata/manifest-entry.ts";
import { readMetadata } from "../../../src/metadata/read-metadata.ts";
import { type ManifestEntry, metadataSchema } from "../../../src/metadata/schema.ts";
import { rawBlock } from "../../../src/content/cid.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { readVectorFile } from "../../helpers/vectors.ts";

const { base } = readVectorFile("valid", "metadata") as { base: Record<string, unknown> };
const whole = Buffer.from(JSON.stringify(base));
const REFUSALS = ["no error", "METADATA_INVALID", "METADATA_TOO_LARGE"];

async function read(bytes: Uint8Array) {
  const digest = createHash("sha256").update(bytes).digest("hex");
  return readMetadata(`0x${digest}`, new MemoryStore([rawBlock(bytes)]));
}

const keysOf = (value: unknown): number =>
  typeof value !== "object" || value === null
    ? 0
    : Object.values(value).reduce(
        (sum: number, child) => sum + keysOf(child),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      );

const depthOf = (value: unknown): number =>
  typeof value !== "object" || value === null ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));

describe("JSON of strangers", function () {
  it("is what JSON.parse makes of it, or is refused", function () {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseUntrustedJson(Buffer.from(text), 1_000_000, "It")).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("may have as many keys as are allowed, and not one more", async function () {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const keys = keysOf(value);
        expect(await errorCode(() => parseUntrustedJson(bytes, 1_000_000, "It", keys))).to.equal("no error");
        if (keys === 0) return;
        expect(await errorCode(() => parseUntrustedJson(bytes, 1_000_000, "It", keys - 1))).to.equal(
          "METADATA_INVALID",
        );
      }),
    );
    const wide = Buffer.from(`{${Array.from({ length: 100_001 }, (_, i) => `"${i.toString(36)}":0`).join()}}`);
    expect(await errorCode(() => parseUntrustedJson(wide, wide.length, "It"))).to.equal("METADATA_INVALID");
  });

  it("is at most 64 levels deep, whatever brackets stand in its texts", async function () {
    const levels = fc.array(fc.tuple(fc.boolean(), fc.string()), { minLength: 60, maxLength: 68 });
    await fc.assert(
      fc.asyncProperty(levels, async (nesting) => {
        const value = nesting.reduce<unknown>(
          (inner, [asObject, text]) => (asObject ? { [`[{${text}`]: inner } : [`}]"\\${text}`, inner]),
          0,
        );
        const bytes = Buffer.from(JSON.stringify(value));
        const code = await errorCode(() => parseUntrustedJson(bytes, 1_000_000, "It"));
        expect(code).to.equal(depthOf(value) > 64 ? "METADATA_INVALID" : "no error");
      }),
    );
  });

  it("never fails in another way than was promised, whatever the bytes", async function () {
    const character = fc.constantFrom(...'{}[]",:\\0e-.utrfn \n');
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: character, maxLength: 200 }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        expect(await errorCode(async () => read(bytes))).to.be.oneOf(REFUSALS);
      }),
      { numRuns: 500 },
    );
  });
});

describe("metadata of strangers", function () {
  it("with changed bytes is refused, or still of the format", async function () {
    const change = fc.record({
      at: fc.nat(whole.length - 1),
      count: fc.nat(6),
      bytes: fc.uint8Array({ maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let bytes = whole;
        for (const { at, count, bytes: inserted } of changes) {
          bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + count)]);
        }
        const code = await errorCode(async () => {
          expect(metadataSchema.safeParse(await read(bytes)).success).to.equal(true);
        });
        expect(code).to.be.oneOf(REFUSALS);
      }),
      { numRuns: 500 },
    );
  });

  it("with a value of another kind anywhere is refused, or still of the format", async function () {
    const paths = [...pathsOf(base)];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), async (path, value) => {
        const changed = structuredClone(base);
        const last = path.at(-1) as string;
        const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, changed);
        parent[last] = value;
        const code = await errorCode(async () => {
          expect(metadataSchema.safeParse(await read(Buffer.from(JSON.stringify(changed)))).success).to.equal(true);
        });
        expect(code).to.be.oneOf(REFUSALS);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused in a short sentence, however much it holds that does not belong there", async function () {
    const strangers = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key ${i}`, 0]));
    const bytes = Buffer.from(JSON.stringify({ ...base, ...strangers }));
    const error = await read(bytes).catch((failure: Error) => failure);
    expect((error as Error).message.length).to.be.lessThan(500);
  });

  it("lists the files of a manifest, or is refused in a short sentence", async function () {
    const resource = { name: "a", size: 1, sha256: "00".repeat(32) };
    const lists: Record<string, unknown> = {
      "many faults": Array.from({ length: 20_000 }, () => ({})),
      "one fault after many": [...Array.from({ length: 20_000 }, (_, i) => ({ ...resource, name: `a${i}` })), 7],
      "no list": { length: 3 },
      "a key too many": [{ ...resource, more: 1 }],
    };
    for (const [what, resources] of Object.entries(lists)) {
      const bytes = Buffer.from(JSON.stringify({ resources }));
      const { root, blocks } = await toPinnableFile(bytes);
      const digest = `0x${createHash("sha256").update(bytes).digest("hex")}`;
      const file = { cid: root.toString(), digest, size: bytes.length, count: 20_001 };
      const entry = { method: "files", hashType: "sha256", ignorePaths: [], file } satisfies ManifestEntry;
      const error = await readManifestEntry(entry, new MemoryStore(blocks)).catch((failure: Error) => failure);
      expect(error, what).to.be.instanceOf(Error).and.to.have.property("code", "METADATA_INVALID");
      expect((error as Error).message.length, what).to.be.lessThan(500);
    }
  });
});

function* pathsOf(value: unknown, path: string[] = []): Generator<string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield [...path, key];
    yield* pathsOf(child, [...path, key]);
  }
}
