import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import type { Registry } from "../../../../src/registry/registry.ts";
import { readRegistryIndex } from "../../../../src/registry/lineage/read-index.ts";
import { networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { deployRegistry } from "../../../helpers/recorded-model.ts";
import { leanSubmission, tokenIdOf } from "../../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

describe("readRegistryIndex", function () {
  const temporary = useTemporaryFolder();

  it("is kept, gone on with, and equal to one that is read at once, on a node that allows few blocks", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const mint = async (seed: string) => registry.contract.mintProvenanceNFT(minter, leanSubmission(seed));
    const path = temporary.path("index.json");
    let finalBlock = 0;
    for (let round = 0; round < 3; round++) {
      await mint(`a${round}`);
      await networkHelpers.mine(100);
      await mint(`b${round}`);
      const { provider, ranges } = limitedProvider(registry, 30);
      const kept = await readRegistryIndex({ ...registry, provider }, { path });
      const whole = await readRegistryIndex(registry);
      expect([...kept.models.values()]).to.deep.equal([...whole.models.values()]);
      expect(Math.min(...ranges)).to.equal(finalBlock); // what is final is not read again
      finalBlock = (await registry.provider.getBlockNumber()) - 64 + 1;
    }
  });

  it("refuses a registry with more models than it can hold, or its file keep", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    for (const seed of ["a", "b", "c"]) await registry.contract.mintProvenanceNFT(minter, leanSubmission(seed));
    await networkHelpers.mine(100);
    const path = temporary.path("index.json");
    const most = { inMemory: 3, inFile: 2 };
    expect((await readRegistryIndex(registry, { most })).models.size).to.equal(3);
    expect(await errorCode(() => readRegistryIndex(registry, { path, most }))).to.equal("REGISTRY_TOO_LARGE");
    await registry.contract.mintProvenanceNFT(minter, leanSubmission("d"));
    expect(await errorCode(() => readRegistryIndex(registry, { most }))).to.equal("REGISTRY_TOO_LARGE");
  });

  it("goes on where it was interrupted", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    await registry.contract.mintProvenanceNFT(minter, leanSubmission("a"));
    await networkHelpers.mine(2_000);
    const path = temporary.path("index.json");
    const broken = limitedProvider(registry, 10, 120);
    expect(await errorCode(() => readRegistryIndex({ ...registry, provider: broken.provider }, { path }))).to.equal(
      "CHAIN_UNREACHABLE",
    );
    const again = limitedProvider(registry, 10);
    const index = await readRegistryIndex({ ...registry, provider: again.provider }, { path });
    expect(index.models.size).to.equal(1);
    expect(Math.min(...again.ranges)).to.be.greaterThan(100);
  });

  it("begins anew on another chain, and never overwrites another file", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const path = temporary.path("index.json");
    const snapshot = await networkHelpers.takeSnapshot();
    await registry.contract.mintProvenanceNFT(minter, leanSubmission("gone"));
    await networkHelpers.mine(100);
    await readRegistryIndex(registry, { path });
    await snapshot.restore();
    await registry.contract.mintProvenanceNFT(minter, leanSubmission("other"));
    await networkHelpers.mine(200);
    const index = await readRegistryIndex(registry, { path });
    expect([...index.models.keys()]).to.deep.equal([tokenIdOf(leanSubmission("other"))]);
    await writeFile(path, "{}");
    expect(await errorCode(() => readRegistryIndex(registry, { path }))).to.equal("OPTION_INVALID");
  });
});

/** A node that searches so many blocks at once, and gives up after so many requests. */
function limitedProvider(registry: Registry, blocks: number, requests = Infinity) {
  const ranges: number[] = [];
  const getLogs = async (filter: { fromBlock: number; toBlock: number }) => {
    if (ranges.length >= requests) throw Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
    if (filter.toBlock - filter.fromBlock + 1 > blocks) throw new Error("block range is too wide");
    ranges.push(filter.fromBlock);
    return registry.provider.getLogs(filter);
  };
  const provider = new Proxy(registry.provider, {
    get: (target, key, receiver) => {
      if (key === "getLogs") return getLogs;
      const value: unknown = Reflect.get(target, key, receiver);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { provider, ranges };
}
