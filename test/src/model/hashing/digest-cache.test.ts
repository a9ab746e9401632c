import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { DigestCache } from "../../../../src/model/hashing/digest-cache.ts";
import type { FileIdentity } from "../../../../src/model/hashing/digest-sync.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const NOW = 1_800_000_000_000;
const OLD = BigInt(NOW - 60_000) * 1_000_000n;
const SHA = "ab".repeat(32);

/** A file that was written a minute before {@link NOW}. */
function identityOf(change: Partial<FileIdentity> = {}): FileIdentity {
  return { dev: 1n, ino: 2n, size: 3n, mtimeNs: OLD, ctimeNs: OLD, ...change };
}

describe("DigestCache", function () {
  const temporary = useTemporaryFolder();
  let warnings: string[] = [];
  beforeEach(function () {
    warnings = [];
  });

  const path = () => temporary.path("cache.json");
  const open = async (options: { now?: number; maxEntries?: number } = {}) =>
    DigestCache.open(path(), { warn: (text) => warnings.push(text), ...options, now: () => options.now ?? NOW });

  async function writeOne(identity = identityOf(), digest = { sha256: SHA, size: 3 }) {
    const cache = await open();
    cache.add(identity, digest, NOW);
    await cache.save();
  }

  it("serves what it kept, in another process too", async function () {
    await writeOne();
    const cache = await open();
    expect(cache.find(identityOf(), false)).to.deep.equal({ sha256: SHA, size: 3 });
    expect(warnings).to.deep.equal([]);
    expect(readdirSync(temporary.path())).to.deep.equal(["cache.json"]);
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
    expect(JSON.parse(readFileSync(path(), "utf8"))).to.have.keys("format", "sha256", "entries");
  });

  for (const field of ["dev", "ino", "size", "mtimeNs", "ctimeNs"] as const) {
    it(`does not know a file of another ${field}`, async function () {
      await writeOne();
      expect((await open()).find(identityOf({ [field]: identityOf()[field] + 1n }), false)).to.equal(undefined);
    });
  }

  describe("leaves", function () {
    it("of a file of one leaf are its digest", async function () {
      await writeOne();
      const digest = (await open()).find(identityOf(), true);
      expect(Buffer.from(digest?.leafDigests ?? []).toString("hex")).to.equal(SHA);
    });

    it("of a larger file are served where they were computed, and survive a run without them", async function () {
      const identity = identityOf({ size: BigInt(MIB + 1) });
      const flat = { sha256: SHA, size: MIB + 1 };
      await writeOne(identity, flat);
      expect((await open()).find(identity, true)).to.equal(undefined);
      const leafDigests = Buffer.alloc(64, 7);
      await writeOne(identity, { ...flat, leafDigests } as typeof flat);
      await writeOne(identity, flat);
      expect(Buffer.from((await open()).find(identity, true)?.leafDigests ?? [])).to.deep.equal(leafDigests);
    });
  });

  for (const field of ["mtimeNs", "ctimeNs"] as const) {
    it(`keeps no file whose ${field} is so recent that a later write could carry it too`, async function () {
      const cache = await open();
      for (const age of [-1000, 0, 10, 2000, 4999]) {
        const identity = identityOf({ [field]: BigInt(NOW - age) * 1_000_000n });
        cache.add(identity, { sha256: SHA, size: 3 }, NOW);
        expect(cache.find(identity, false), `${age} ms`).to.equal(undefined);
      }
      const settled = identityOf({ [field]: BigInt(NOW - 5000) * 1_000_000n });
      cache.add(settled, { sha256: SHA, size: 3 }, NOW);
      expect(cache.find(settled, false)).to.not.equal(undefined);
    });
  }

  it("merges what several wrote at once", async function () {
    const caches = await Promise.all(Array.from({ length: 8 }, async () => open()));
    caches.forEach((cache, i) => cache.add(identityOf({ ino: BigInt(i) }), { sha256: SHA, size: 3 }, NOW));
    await Promise.all(caches.map(async (cache) => cache.save()));
    const merged = await open();
    for (let i = 0; i < 8; i++) expect(merged.find(identityOf({ ino: BigInt(i) }), false), `${i}`).to.exist;
    expect(readdirSync(temporary.path())).to.deep.equal(["cache.json"]);
  });

  it("drops the oldest beyond its bound; what is served stays young", async function () {
    const day = 86_400_000;
    const entry = (i: number) => identityOf({ ino: BigInt(i) });
    for (let i = 0; i < 4; i++) {
      const cache = await open({ now: NOW + 2 * i * day, maxEntries: 3 });
      cache.add(entry(i), { sha256: SHA, size: 3 }, NOW);
      if (i === 3) cache.find(entry(0), false);
      await cache.save();
    }
    const cache = await open();
    const kept = [0, 1, 2, 3].filter((i) => cache.find(entry(i), false) !== undefined);
    expect(kept).to.deep.equal([0, 2, 3]);
  });

  it("writes nothing where it learnt nothing", async function () {
    await writeOne();
    const { mtimeNs, ino } = statSync(path(), { bigint: true });
    const cache = await open();
    cache.find(identityOf(), false);
    await cache.save();
    expect(statSync(path(), { bigint: true })).to.include({ mtimeNs, ino });
  });

  describe("of a damaged file", function () {
    const damages: Record<string, (text: string) => string> = {
      "cut short": (text) => text.slice(0, -20),
      "with a digest of which one digit changed": (text) => text.replace('abab"]', 'abac"]'),
      "with text behind it": (text) => `${text}x`,
      "with a header alone": (text) => text.slice(0, 80),
    };
    for (const [what, damage] of Object.entries(damages)) {
      it(`ignores one ${what} with a warning, and writes it anew`, async function () {
        await writeOne();
        writeFileSync(path(), damage(readFileSync(path(), "utf8")));
        const cache = await open();
        expect(warnings).to.have.length(1);
        expect(cache.find(identityOf(), false)).to.equal(undefined);
        cache.add(identityOf(), { sha256: SHA, size: 3 }, NOW);
        await cache.save();
        expect((await open()).find(identityOf(), false)).to.not.equal(undefined);
        expect(warnings).to.have.length(1);
      });
    }
  });

  describe("leaves alone", function () {
    const others: Record<string, () => void> = {
      "a file that is no cache": () => writeFileSync(path(), '{"architectures":["Bert"]}', { mode: 0o600 }),
      "a folder": () => mkdirSync(path()),
      "a link": () => symlinkSync("elsewhere", path()),
    };
    for (const [what, make] of Object.entries(others)) {
      it(`${what}, with a warning`, async function () {
        make();
        const before = statSync(path(), { throwIfNoEntry: false })?.ino;
        await writeOne();
        expect(warnings).to.have.length(1);
        expect(statSync(path(), { throwIfNoEntry: false })?.ino).to.equal(before);
      });
    }

    it("a cache that others may write", async function () {
      await writeOne();
      chmodSync(path(), 0o666);
      expect((await open()).find(identityOf(), false)).to.equal(undefined);
      expect(warnings).to.have.length(1);
    });
  });

  it("warns where it cannot be written", async function () {
    writeFileSync(temporary.path("file"), "");
    const cache = await DigestCache.open(temporary.path("file", "cache.json"), {
      now: () => NOW,
      warn: (text) => warnings.push(text),
    });
    cache.add(identityOf(), { sha256: SHA, size: 3 }, NOW);
    await cache.save();
    expect(warnings).to.not.deep.equal([]);
  });
});
