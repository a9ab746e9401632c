import { expect } from "chai";
import { cancelVoucher, redeemVoucher } from "../../../src/publish/redeem-voucher.ts";
import { signVoucher } from "../../../src/publish/voucher.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { modelSubmission } from "../../helpers/model-submissions.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";

const { loadFixture, time } = networkHelpers;

describe("redeemVoucher", function () {
  async function sign() {
    const deployed = await deployRegistry();
    const { registry, minter, owner, stranger } = deployed;
    const voucher = {
      to: owner.address,
      submission: modelSubmission("model"),
      deadline: BigInt(await time.latest()) + 3_600n,
    };
    const signed = await signVoucher(registry, minter, voucher);
    return { ...deployed, voucher, signed, context: { signer: stranger } };
  }

  it("mints for the signer, whoever pays, and tells before and after", async function () {
    const { registry, signed, minter, owner, stranger } = await loadFixture(sign);
    const told: unknown[] = [];
    const { record, transaction } = await redeemVoucher(registry, signed, {
      signer: stranger,
      confirm: async ({ from, call, gas }) => void told.push(from, call.to, gas > 100_000n),
      onSent: (hash) => void told.push(hash),
    });
    expect(record).to.include({ creator: minter.address, owner: owner.address });
    expect(told).to.deep.equal([stranger.address, registry.address, true, transaction?.transactionHash]);
  });

  it("reports one that somebody sent before, and refuses a model that is minted otherwise", async function () {
    const { registry, signed, voucher, minter, context } = await loadFixture(sign);
    const first = await redeemVoucher(registry, signed, context);
    const second = await redeemVoucher(registry, signed, { signer: minter });
    expect(second).to.deep.equal({ record: first.record });

    const submission = { ...voucher.submission, metadataDigest: `0x${"1".repeat(64)}` };
    const other = await signVoucher(registry, minter, { ...voucher, submission });
    expect(await errorCode(() => redeemVoucher(registry, other, context))).to.equal("ALREADY_MINTED");
  });

  it("is done where somebody else is first between asking and sending", async function () {
    const { registry, signed, minter, context } = await loadFixture(sign);
    const { record, transaction } = await redeemVoucher(registry, signed, {
      ...context,
      confirm: async () => void (await redeemVoucher(registry, signed, { signer: minter })),
    });
    expect(record.creator).to.equal(minter.address);
    expect(transaction).to.equal(undefined);
  });

  it("refuses one that is expired, of another registry, unsigned, cancelled, or of no minter", async function () {
    const { registry, signed, voucher, minter, stranger, context } = await loadFixture(sign);
    const code = async (other: typeof signed) => errorCode(() => redeemVoucher(registry, other, context));
    expect(await code({ ...signed, registry: signed.registry.replace("31337", "1") })).to.equal("VOUCHER_INVALID");
    expect(await code({ ...signed, signature: "0x1234" })).to.equal("VOUCHER_INVALID");
    expect(await code(await signVoucher(registry, minter, { ...voucher, deadline: 1n }))).to.equal("VOUCHER_INVALID");
    expect(await code(await signVoucher(registry, stranger, voucher))).to.equal("NOT_MINTER");

    await cancelVoucher(registry, signed, { signer: stranger });
    const stopped = { ...context, confirm: () => Promise.reject(new Error("still good")) };
    await redeemVoucher(registry, signed, stopped).catch((error: unknown) =>
      expect(error).to.have.property("message", "still good"),
    );
    await cancelVoucher(registry, signed, { signer: minter });
    const refusal = await redeemVoucher(registry, signed, context).catch((error: unknown) => error);
    expect(refusal).to.include({ code: "TRANSACTION_REFUSED" });
    expect((refusal as Error).message).to.include(`${minter.address} cancelled the voucher`);
  });

  it("takes the vouchers of a contract that is a minter", async function () {
    const { registry, contract, admin, voucher, minter, context, MINTER_ROLE } = await loadFixture(sign);
    const wallet = await ethers.deployContract("WalletMock", [minter]);
    const address = await wallet.getAddress();
    await contract.connect(admin).grantRole(MINTER_ROLE, address);
    const byWallet = new Proxy(minter, {
      get: (target, name) => (name === "getAddress" ? async () => address : target[name as keyof typeof target]),
    });
    const signed = await signVoucher(registry, byWallet, voucher);
    expect((await redeemVoucher(registry, signed, context)).record.creator).to.equal(address);
  });
});
