import { expect } from "chai";
import { redeemVoucher } from "../../../src/publish/redeem-voucher.ts";
import { formatVoucherFile, parseVoucherFile } from "../../../src/publish/voucher-file.ts";
import { issueVoucher } from "../../../src/publish/issue-voucher.ts";
import { mintModel } from "../../../src/publish/mint-model.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { createPublisher } from "../../helpers/prepared-models.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("issueVoucher", function () {
  const temporary = useTemporaryFolder();

  async function publish() {
    const publisher = await createPublisher(temporary);
    const deadline = BigInt(await networkHelpers.time.latest()) + 3_600n;
    const { confirm: _, ...context } = publisher.context;
    return { ...publisher, context: { ...context, to: publisher.owner.address, deadline } };
  }

  it("pins and signs what somebody else then mints and pays for", async function () {
    const { context, prepare, registry, store, stranger, minter, owner } = await publish();
    const prepared = await prepare("model");
    const stop = () => Promise.reject(new Error("no"));
    const stopped = await issueVoucher(prepared, { ...context, confirm: stop }).catch((error: unknown) => error);
    expect(stopped).to.have.property("message", "no");
    expect(await store.has(prepared.built.block.cid)).to.equal(false);

    const handed = formatVoucherFile(await issueVoucher(prepared, context));
    expect(await store.has(prepared.built.block.cid)).to.equal(true);
    const { record } = await redeemVoucher(registry, parseVoucherFile(handed), { signer: stranger });
    expect(record).to.include({
      creator: minter.address,
      owner: owner.address,
      metadataDigest: prepared.built.metadataDigest,
    });
  });

  it("is refused for what can never be minted by it", async function () {
    const { context, prepare, stranger } = await publish();
    const minted = await prepare("minted");
    await mintModel(minted, { ...context, confirm: async () => undefined });
    expect(await errorCode(() => issueVoucher(minted, context))).to.equal("ALREADY_MINTED");
    const model = await prepare("model");
    expect(await errorCode(() => issueVoucher(model, { ...context, signer: stranger }))).to.equal("NOT_MINTER");
    const orphan = await prepare("orphan", { parents: ["0x77"], statements: { relation: "fine-tune" } });
    expect(await errorCode(() => issueVoucher(orphan, context))).to.equal("PARENT_UNKNOWN");
  });
});
