import { expect } from "chai";
import hre from "hardhat";
import LicenseMarketModule from "../../ignition/modules/LicenseMarket.ts";
import ModelProvenanceModule from "../../ignition/modules/ModelProvenanceNFT.ts";
import ModelRendererModule from "../../ignition/modules/ModelRenderer.ts";
import OperatorFilterTransferValidatorModule from "../../ignition/modules/OperatorFilterTransferValidator.ts";
import RoyaltySplitterFactoryModule from "../../ignition/modules/RoyaltySplitterFactory.ts";

describe("modules of what stands beside a registry", function () {
  it("deploy a renderer and a transfer validator that the registry takes", async function () {
    const { ignition, ethers } = await hre.network.create();
    const { registry } = await ignition.deploy(ModelProvenanceModule);
    const address = await registry.getAddress();
    const { renderer } = await ignition.deploy(ModelRendererModule, {
      parameters: { ModelRenderer: { registry: address } },
    });
    expect(await renderer.getFunction("registry")()).to.equal(address);
    await registry.getFunction("setRenderer")(renderer);
    expect(await registry.getFunction("getRenderer")()).to.equal(await renderer.getAddress());

    const filters = await (await ethers.deployContract("OperatorFilterRegistryMock", [false])).getAddress();
    const { validator } = await ignition.deploy(OperatorFilterTransferValidatorModule, {
      parameters: { OperatorFilterTransferValidator: { operatorFilterRegistry: filters } },
    });
    expect(await validator.getFunction("registry")()).to.equal(filters);
    await registry.getFunction("setTransferValidator")(validator);
    expect(await registry.getFunction("getTransferValidator")()).to.equal(await validator.getAddress());
  });

  it("deploy the market to one address on every chain, whoever deploys it", async function () {
    const addresses: string[] = [];
    for (const index of [0, 3]) {
      const { ignition, ethers } = await hre.network.create();
      const defaultSender = ((await ethers.getSigners())[index] as { address: string }).address;
      const { market } = await ignition.deploy(LicenseMarketModule, { strategy: "create2", defaultSender });
      addresses.push(await market.getAddress());
      expect(await market.getFunction("supportsInterface")("0x8c65f84d")).to.equal(true);
    }
    expect(addresses[1]).to.equal(addresses[0]);
  });

  it("deploy the splitter factory to one address on every chain", async function () {
    const addresses: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { ignition } = await hre.network.create();
      const { factory } = await ignition.deploy(RoyaltySplitterFactoryModule, { strategy: "create2" });
      addresses.push(await factory.getAddress());
      expect(await factory.getFunction("implementation")()).to.match(/^0x[0-9a-fA-F]{40}$/);
    }
    expect(addresses[1]).to.equal(addresses[0]);
  });
});
