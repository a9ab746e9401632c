import { expect } from "chai";
import hre from "hardhat";
import ModelProvenanceModule from "../../ignition/modules/ModelProvenanceNFT.ts";

// No account of these chains: nobody gets a role by deploying.
const [ADMIN, MINTER, CURATOR] = [1, 2, 3].map((byte) => `0x${byte.toString(16).padStart(2, "0").repeat(20)}`) as [
  string,
  string,
  string,
];

describe("ModelProvenanceNFT module with the create2 strategy", function () {
  async function deploy(index: number, admin: string) {
    const network = await hre.network.create(); // a chain of its own
    const deployer = ((await network.ethers.getSigners())[index] as { address: string }).address;
    const { registry } = await network.ignition.deploy(ModelProvenanceModule, {
      strategy: "create2",
      defaultSender: deployer,
      parameters: { ModelProvenanceNFT: { admin, minter: MINTER, curator: CURATOR } },
    });
    return { registry, address: await registry.getAddress(), deployer };
  }

  it("gives one organisation the same address on two chains, whoever deploys", async function () {
    const first = await deploy(0, ADMIN);
    const second = await deploy(5, ADMIN);
    expect(second.address).to.equal(first.address);
    expect((await deploy(0, MINTER)).address).to.not.equal(first.address);
  });

  it("gives the roles to the accounts that were named, and none to the deployer", async function () {
    const { registry, deployer } = await deploy(0, ADMIN);
    expect(await registry.getFunction("owner")()).to.equal(ADMIN);
    for (const [role, account] of [
      ["DEFAULT_ADMIN_ROLE", ADMIN],
      ["MINTER_ROLE", MINTER],
      ["CURATOR_ROLE", CURATOR],
    ] as const) {
      const id = (await registry.getFunction(role)()) as string;
      expect(await registry.getFunction("hasRole")(id, account), role).to.equal(true);
      expect(await registry.getFunction("hasRole")(id, deployer), role).to.equal(false);
    }
  });
});
