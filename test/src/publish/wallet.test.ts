import { expect } from "chai";
import type { SendingOptions } from "../../../src/publish/sending/sending.ts";
import { WalletSigner } from "../../../src/publish/sending/wallet-signer.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployForPublishing, publisher, rpc, steppedClock } from "../../helpers/publishing.ts";
import { scriptWallet } from "../../helpers/scripted-wallet.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const mine = async () => rpc("evm_mine");

describe("publishModel with a wallet that a person looks at", function () {
  const temporary = useTemporaryFolder();

  async function prepare({ byHand = false } = {}) {
    const deployed = await networkHelpers.loadFixture(deployForPublishing);
    const { registry, contract } = deployed;
    const wallet = scriptWallet(deployed.wallet);
    const signer = new WalletSigner(deployed.wallet.address, registry.provider, registry.chainId, wallet);
    const modelPath = await temporary.write("model", { "model.bin": "weights" });
    const run = publisher(registry, signer, temporary.path());
    const publish = async (options: SendingOptions = {}) => run({ modelPath }, { waitSeconds: 60, ...options });
    const mints = async () => (await contract.queryFilter(contract.filters.ProvenanceDataRecorded())).length;
    if (byHand) await rpc("evm_setAutomine", false);
    return { ...deployed, account: deployed.wallet, wallet, publish, mints };
  }

  afterEach(async function () {
    await rpc("evm_setAutomine", true);
  });

  it("signs and sends, and leaves nonce and fees to the wallet", async function () {
    const { publish, wallet, mints } = await prepare();
    const { error, minted } = await publish();
    expect(error).to.equal(undefined);
    expect(minted?.transaction?.transactionHash).to.equal(wallet.sent[0]);
    expect(wallet.asked).to.include.members(["eth_signTypedData_v4", "eth_sendTransaction"]);
    expect(await mints()).to.equal(1);
  });

  it("tells plainly that its user refused, and asks again when it is run again", async function () {
    const { publish, wallet, mints } = await prepare();
    wallet.fail("eth_signTypedData_v4", { code: 4001 });
    expect((await publish()).error?.code).to.equal("SIGNATURE_REFUSED");
    wallet.fail("eth_sendTransaction", { code: 4001 });
    const { error } = await publish();
    expect([error?.code, error?.message]).to.deep.equal([
      "TRANSACTION_REFUSED",
      "You refused it in the wallet: nothing was sent.",
    ]);
    expect((await publish()).error).to.equal(undefined);
    expect(await mints()).to.equal(1);
  });

  for (const [what, change, code] of [
    ["account", { account: `0x${"42".repeat(20)}` }, "SIGNER_MISMATCH"],
    ["network", { chainId: "0x1" }, "CHAIN_MISMATCH"],
  ] as const) {
    it(`signs and sends nothing once the wallet is on another ${what}`, async function () {
      const { publish, wallet } = await prepare();
      Object.assign(wallet, change);
      expect((await publish()).error?.code).to.equal(code);
      expect(wallet.asked).to.not.include("eth_signTypedData_v4").and.not.include("eth_sendTransaction");
    });
  }

  it("follows on what was sped up in the wallet", async function () {
    const { publish, wallet, mints } = await prepare({ byHand: true });
    const clock = steppedClock([async () => wallet.replace("speed up"), mine]);
    const { error, minted, sent } = await publish({ clock });
    expect(error).to.equal(undefined);
    expect(minted?.transaction?.transactionHash).to.equal(wallet.sent[1]);
    expect(sent).to.deep.equal(wallet.sent);
    expect(await mints()).to.equal(1);
  });

  it("finds in a later run what was sped up, many blocks ago", async function () {
    const { publish, wallet, mints } = await prepare({ byHand: true });
    expect((await publish({ waitSeconds: 1 })).error?.code).to.equal("TRANSACTION_PENDING");
    await wallet.replace("speed up");
    await rpc("hardhat_mine", "0x5b");
    const { error, minted } = await publish();
    expect(error).to.equal(undefined);
    expect(minted?.record.creator).to.equal(wallet.account);
    expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).to.have.length(1);
    expect(await mints()).to.equal(1);
  });

  it("says that it was cancelled in the wallet, and by what, and sends nothing again by itself", async function () {
    const { publish, wallet, mints } = await prepare({ byHand: true });
    const { error } = await publish({ clock: steppedClock([async () => wallet.replace("cancel"), mine]) });
    expect(error?.code).to.equal("TRANSACTION_REFUSED");
    expect(error?.message)
      .to.match(/^It was cancelled/)
      .and.include(wallet.sent[0])
      .and.include(wallet.sent[1]);
    expect(wallet.asked.filter((method) => method === "eth_sendTransaction")).to.have.length(1);
    expect(await mints()).to.equal(0);
    await rpc("evm_setAutomine", true);
    expect((await publish()).error).to.equal(undefined);
    expect(await mints()).to.equal(1);
  });

  it("replaces nothing that offers too little: that is the wallet's", async function () {
    const { publish, wallet } = await prepare({ byHand: true });
    await publish({ waitSeconds: 1 });
    await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${(10n ** 12n).toString(16)}`);
    await mine();
    const { error } = await publish({ waitSeconds: 1 });
    expect(error?.code).to.equal("TRANSACTION_PENDING");
    expect(error?.message).to.include("speed it up in the wallet");
    expect(wallet.sent).to.have.length(1);
  });

  it("finds what the wallet sent though nobody heard of it", async function () {
    const { publish, wallet, mints } = await prepare({ byHand: true });
    wallet.loses = true;
    const { error, minted } = await publish({ clock: steppedClock([mine]) });
    expect(error).to.equal(undefined);
    expect(minted?.transaction?.transactionHash).to.equal(wallet.sent[0]);
    expect(await mints()).to.equal(1);
  });

  it("never takes silence for sent, nor for not sent", async function () {
    const { publish, wallet, mints } = await prepare();
    wallet.fail("eth_sendTransaction", { code: -32603 });
    const { error } = await publish();
    expect(error?.code).to.equal("TRANSACTION_PENDING");
    expect(error?.message).to.include("Look in the wallet");
    expect(await mints()).to.equal(0);
    expect((await publish()).error).to.equal(undefined);
    expect(await mints()).to.equal(1);
  });
});
