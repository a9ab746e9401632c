import { linkSync, utimesSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { DigestCache } from "../../../src/model/hashing/digest-cache.ts";
import { type HashModelOptions, hashModel } from "../../../src/model/hash-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { lfsPointerTo } from "../../helpers/lfs-pointer.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MINUTE = 60_000;

describe("hashModel with a cache", function () {
  const temporary = useTemporaryFolder();

  /** Hashes with a clock that is a minute ahead: what the test just wrote counts as settled. */
  async function hash(folder: string, options: HashModelOptions & { cacheName?: string } = {}) {
    const now = () => Date.now() + MINUTE;
    const cache = await DigestCache.open(temporary.path(options.cacheName ?? "cache.json"), { now, warn: expect.fail });
    let bytes = 0;
    let total = 0;
    const count = { onBytes: (read: number) => (bytes += read), onTotal: (all: number) => (total = all) };
    const model = await hashModel(folder, { ...options, cache, ...count });
    await cache.save();
    return { model, bytes, total, cached: model.cached };
  }

  it("reads the one file of 500 that changed", async function () {
    const files = Array.from({ length: 500 }, (_, i) => [`layer-${i % 10}/part-${i}.bin`, `content ${i}`] as const);
    const folder = await temporary.write("model", Object.fromEntries(files));
    const first = await hash(folder);
    expect(first).to.include({ cached: 0, bytes: first.model.resources.reduce((sum, { size }) => sum + size, 0) });

    const again = await hash(folder);
    expect(again).to.include({ cached: 500, bytes: 0, total: 0 });
    expect(again.model).to.deep.equal({ ...first.model, cached: 500 });

    writeFileSync(`${folder}/layer-7/part-137.bin`, "CONTENT 137");
    const changed = await hash(folder);
    expect(changed).to.include({ cached: 499, bytes: 11, total: 11 });
    const fresh = await hashModel(folder);
    expect(changed.model).to.deep.equal({ ...fresh, cached: 499 });
    expect(fresh.modelDigest).to.not.equal(first.model.modelDigest);
  });

  it("notices a file written in the same length with its old mtime", async function () {
    const folder = await temporary.write("model", { a: "1", b: "2" });
    utimesSync(`${folder}/a`, 1_000_000_000, 1_000_000_000);
    await hash(folder);
    writeFileSync(`${folder}/a`, "3");
    utimesSync(`${folder}/a`, 1_000_000_000, 1_000_000_000);
    const { model, cached } = await hash(folder);
    expect(cached).to.equal(1);
    expect(model.resources[0]).to.deep.equal(resourceOf("a", "3"));
  });

  it("gives the CID that reading gives, and reads a file again whose leaves it does not know", async function () {
    const large = "x".repeat(3 * 1024 * 1024 + 5);
    const folder = await temporary.write("model", { large, small: "1" });
    await hash(folder);
    const first = await hash(folder, { withCid: true });
    expect(first).to.include({ cached: 1, bytes: large.length });
    const second = await hash(folder, { withCid: true });
    expect(second).to.include({ cached: 2, bytes: 0 });
    expect(second.model.cid).to.equal((await hashModel(folder, { withCid: true })).cid);
  });

  it("keeps nothing of files that were just written", async function () {
    const folder = await temporary.write("model", { a: "1" });
    for (let i = 0; i < 2; i++) {
      const cache = await DigestCache.open(temporary.path("cache.json"), { now: Date.now, warn: expect.fail });
      expect((await hashModel(folder, { cache })).cached).to.equal(0);
      await cache.save();
    }
  });

  it("keeps nothing of a model that changed meanwhile", async function () {
    const folder = await temporary.write("model", { a: "1", b: "2" });
    const now = () => Date.now() + MINUTE;
    const cache = await DigestCache.open(temporary.path("cache.json"), { now, warn: expect.fail });
    const onBytes = () => writeFileSync(`${folder}/a`, "3");
    expect(await errorCode(() => hashModel(folder, { cache, onBytes }))).to.equal("MODEL_CHANGED");
    expect((await hash(folder)).cached).to.equal(0);
  });

  it("notices a file that is written after it was found in the cache", async function () {
    const folder = await temporary.write("model", { a: "1", b: "2" });
    await hash(folder);
    const onTotal = () => writeFileSync(`${folder}/a`, "3");
    const cache = await DigestCache.open(temporary.path("cache.json"), { now: Date.now, warn: expect.fail });
    expect(await errorCode(() => hashModel(folder, { cache, onTotal }))).to.equal("MODEL_CHANGED");
  });

  it("takes hard links for the one file they are", async function () {
    const folder = await temporary.write("model", { a: "same", other: "else" });
    linkSync(`${folder}/a`, `${folder}/b`);
    const first = await hash(folder);
    expect(first.model.resources).to.deep.equal([
      resourceOf("a", "same"),
      resourceOf("b", "same"),
      resourceOf("other", "else"),
    ]);
    expect(await hash(folder)).to.include({ cached: 3, bytes: 0 });
    writeFileSync(`${folder}/b`, "SAME");
    const changed = await hash(folder);
    expect(changed).to.include({ cached: 1, bytes: 8 });
    expect(changed.model.resources[0]).to.deep.equal(resourceOf("a", "SAME"));
  });

  it("never takes what a pointer says for the digest of the pointer file", async function () {
    const pointer = lfsPointerTo("weights");
    const folder = await temporary.write("model", { "model.bin": pointer });
    await hash(folder, { lfsPointers: "accept" });
    const { model, cached } = await hash(folder);
    expect(cached).to.equal(0);
    expect(model.resources).to.deep.equal([resourceOf("model.bin", pointer)]);
    const accepted = await hash(folder, { lfsPointers: "accept" });
    expect(accepted.model.resources).to.deep.equal([resourceOf("model.bin", "weights")]);
    expect(accepted.cached).to.equal(0);
  });

  it("refuses a cache in the model", async function () {
    await temporary.write("model", { a: "1" });
    for (const cacheName of ["model/cache.json", "model/sub/cache.json", "model/a"]) {
      const cache = await DigestCache.open(temporary.path(cacheName), { now: Date.now, warn: () => undefined });
      const path = cacheName.endsWith("/a") ? temporary.path(cacheName) : temporary.path("model");
      expect(await errorCode(() => hashModel(path, { cache })), cacheName).to.equal("OPTION_INVALID");
    }
  });
});
