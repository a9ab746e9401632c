import { expect } from "chai";
import { keccak256 } from "ethers";
import { compareCode, compareRegistryCode } from "../../../src/registry/registry-code.ts";
import { openRegistry } from "../../../src/registry/registry.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";

describe("compareRegistryCode", function () {
  async function deploy() {
    const { registry } = await networkHelpers.loadFixture(deployRegistry);
    const code = Buffer.from((await ethers.provider.getCode(registry.address)).slice(2), "hex");
    return { registry, code };
  }

  it("knows the registry that this build deploys", async function () {
    const { registry, code } = await deploy();
    const codeHash = keccak256(code);
    expect(await compareRegistryCode(registry)).to.deep.equal({ result: "same", codeHash });
  });

  it("refuses code with one other byte, wherever it is, but for the digest of the sources", async function () {
    const { registry, code } = await deploy();
    const trailer = code.length - (code.readUInt16BE(code.length - 2) + 2);
    for (let at = 0; at < code.length; at += 101) {
      const changed = Buffer.from(code);
      changed[at] = (changed[at] as number) ^ 1;
      expect(compareCode(changed, registry), String(at)).to.equal(at < trailer ? "other" : "same-code");
    }
    const changed = Buffer.from(code);
    changed[trailer + 10] = (changed[trailer + 10] as number) ^ 1;
    expect(compareCode(changed, registry)).to.equal("same-code");
  });

  it("refuses more, less and no code", async function () {
    const { registry, code } = await deploy();
    for (const other of [Buffer.concat([code, Buffer.from([0])]), code.subarray(1), Buffer.alloc(0)]) {
      expect(compareCode(other, registry)).to.equal("other");
    }
  });

  it("refuses a copy of the code at another address or chain: its immutables are not those of the place", async function () {
    const { registry, code } = await deploy();
    const address = `0x${"ab".repeat(20)}`;
    expect(compareCode(code, { ...registry, address })).to.equal("other");
    expect(compareCode(code, { ...registry, chainId: 1n })).to.equal("other");
    await networkHelpers.setCode(address, `0x${code.toString("hex")}`);
    const copy = await openRegistry(ethers.provider, address);
    expect((await compareRegistryCode(copy)).result).to.equal("other");
  });

  it("refuses immutables that stand in each other's places", async function () {
    const { registry, code } = await deploy();
    const chain = registry.chainId.toString(16).padStart(64, "0");
    const address = registry.address.slice(2).toLowerCase().padStart(64, "0");
    const swapped = code.toString("hex").replace(chain, "X".repeat(64)).replace(address, chain);
    const other = Buffer.from(swapped.replace("X".repeat(64), address), "hex");
    expect(other.equals(code)).to.equal(false);
    expect(compareCode(other, registry)).to.equal("other");
  });
});
