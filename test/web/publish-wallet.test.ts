import { expect } from "chai";
import { JsonRpcSigner, toQuantity } from "ethers";
import { readMetadata } from "../../src/metadata/read-metadata.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import type { Hex } from "../../src/base/hex.ts";
import { checkMetadataSignature } from "../../src/registry/check-signature.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { WalletMock__factory } from "../../typechain-types/factories/contracts/mocks/WalletMock__factory.ts";
import { usePublishScreen } from "../helpers/publish-screen.ts";

// Polygon Amoy: its documentation names a node that anybody may ask.
const AMOY = 80002;

describe("wallets that the page publishes by", function () {
  const { served, keeper, writeModel, open, choose, press, record, isRecorded } = usePublishScreen(AMOY);

  it("are offered the network that they do not know, and switch to it once it is added", async function () {
    const added: unknown[] = [];
    const refuses = ["wallet_addEthereumChain"];
    const chain = { chainId: "0x1", unknown: [toQuantity(AMOY)], onAdded: (one: unknown) => added.push(one) };
    const { page, asked } = await open({ wallet: { ...chain, refuses } });
    await choose(page, await writeModel("unknown-chain"));
    await press(page, "Look it over");
    await press(page, "Sign the metadata");
    await page.getByText(`Switch it to chain ${AMOY}`).waitFor();
    expect(asked).to.not.include("eth_signTypedData_v4");
    refuses.length = 0;
    await press(page, "Sign the metadata");
    await page.getByRole("button", { name: "Pin and mint" }).waitFor();
    expect(added).to.have.length(1);
    expect(added[0]).to.deep.include({ chainId: toQuantity(AMOY), rpcUrls: ["https://rpc-amoy.polygon.technology"] });
    const last = asked.lastIndexOf("wallet_switchEthereumChain");
    expect(last).to.be.greaterThan(asked.indexOf("wallet_addEthereumChain"));
    await record(page);
    await isRecorded(page);
  });

  /** A contract whose owner signs for it, which may mint and has nothing of its own. */
  async function deployAccount() {
    const { registry, minter } = served();
    const node = minter.provider;
    const owner = await node.getSigner(4);
    const contract = await new WalletMock__factory(minter).deploy(owner.address);
    const address = await contract.getAddress();
    await registry.contract.grantRole(await registry.contract.MINTER_ROLE(), address);
    await node.send("hardhat_impersonateAccount", [address]);
    return { owner, address, signer: new JsonRpcSigner(node, address), node };
  }

  it("may be a contract that stands by its signature, and whoever executes the call pays", async function () {
    const { registry } = served();
    const { owner, address, signer, node } = await deployAccount();
    const folder = await writeModel("contract");
    const { page } = await open({ signer, wallet: { owner } });
    await choose(page, folder);
    await page.getByLabel("Owner of the token").fill(owner.address);
    await press(page, "Look it over");
    await page.getByText("This account is a contract").waitFor();
    await press(page, "Sign the metadata");
    await page.getByRole("button", { name: "Pin and mint" }).waitFor();
    // The node stands for whoever executes it.
    await node.send("hardhat_setBalance", [address, toQuantity(10n ** 18n)]);
    await record(page);
    await isRecorded(page);

    const { modelDigest } = await hashModel(folder);
    const written = await readModelRecord(registry, BigInt(modelDigest));
    expect(written?.creator).to.equal(address);
    const metadata = await readMetadata(written?.metadataDigest as Hex, keeper());
    const domain = { chainId: registry.chainId, registry: registry.address };
    const answer = await checkMetadataSignature(metadata, address, domain, registry.provider);
    expect(answer.signed).to.equal("yes");
  });

  it("may be a contract whose signature it does not take: nothing is pinned then", async function () {
    const { signer, node } = await deployAccount();
    const { page, asked } = await open({ signer, wallet: { owner: await node.getSigner(6) } });
    await choose(page, await writeModel("stranger"));
    await page.getByLabel("Owner of the token").fill((await node.getSigner(6)).address);
    await press(page, "Look it over");
    await press(page, "Sign the metadata");
    await page.getByText("does not stand by the signature").waitFor();
    expect(await page.getByRole("button", { name: "Pin and mint" }).count()).to.equal(0);
    expect(asked).to.include("eth_signTypedData_v4").and.not.include("eth_sendTransaction");
  });
});
