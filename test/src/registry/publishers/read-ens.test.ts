import { expect } from "chai";
import { namehash } from "ethers";
import { createEnsReader } from "../../../../src/registry/publishers/read-ens.ts";
import { ethers, networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../../helpers/error-code.ts";

describe("createEnsReader", function () {
  async function deployEns() {
    const [account, other] = await ethers.getSigners();
    const ens = await ethers.deployContract("EnsMock");
    const reverse = namehash(`${account?.address.slice(2).toLowerCase()}.addr.reverse`);
    const read = createEnsReader(ethers.provider, await ens.getAddress(), () => 1_790_000_000_500);
    return { ens, read, reverse, account: account?.address ?? "", other: other?.address ?? "" };
  }
  const deploy = async () => networkHelpers.loadFixture(deployEns);

  for (const extended of [false, true]) {
    it(`names an account whose name leads back to it${extended ? ", of a resolver that resolves below itself" : ""}`, async function () {
      const { ens, read, reverse, account } = await deploy();
      await ens.setExtended(extended);
      await ens.setName(reverse, "lab.example.eth");
      await ens.setAddress(namehash("lab.example.eth"), account);
      expect(await read(account)).to.deep.equal({ name: "lab.example.eth", leadsBack: true, time: 1_790_000_000 });
    });
  }

  it("says that a name does not lead back: to somebody else, to nobody, or by a name that is not written as it should be", async function () {
    const { ens, read, reverse, account, other } = await deploy();
    await ens.setName(reverse, "lab.eth");
    expect((await read(account))?.leadsBack).to.equal(false);
    await ens.setAddress(namehash("lab.eth"), other);
    expect((await read(account))?.leadsBack).to.equal(false);
    for (const name of ["Lab.eth", "l\u0430b.eth", "lab\u202E.eth", "lab..eth", "x".repeat(200)]) {
      await ens.setName(reverse, name);
      expect((await read(account))?.leadsBack, name).to.equal(false);
    }
  });

  it("knows no name of an account without a reverse record", async function () {
    const { ens, read, reverse, account } = await deploy();
    expect(await read(account)).to.equal(undefined);
    await ens.setName(reverse, "");
    expect(await read(account)).to.equal(undefined);
  });

  it("asks nobody outside the chain, and does not know then", async function () {
    const { ens, read, reverse, account } = await deploy();
    await ens.setName(reverse, "lab.eth");
    await ens.setOffchain(namehash("lab.eth"));
    expect(await errorCode(async () => read(account))).to.equal("CHAIN_UNREACHABLE");
    await ens.setOffchain(reverse);
    expect(await errorCode(async () => read(account))).to.equal("CHAIN_UNREACHABLE");
  });

  it("does not know where there is no ENS", async function () {
    const { account } = await deploy();
    const read = createEnsReader(ethers.provider, account);
    expect(await errorCode(async () => read(account))).to.equal("CHAIN_UNREACHABLE");
  });
});
