import { expect } from "chai";
import { mintBatch } from "../../../src/publish/mint-batch.ts";
import type { RecordPlan } from "../../../src/publish/record-plan.ts";
import { mintModel } from "../../../src/publish/mint-model.ts";
import { rawCidOfDigest } from "../../../src/content/cid.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { createPublisher } from "../../helpers/prepared-models.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("mintBatch", function () {
  const temporary = useTemporaryFolder();

  it("pins and mints parents and children in one transaction", async function () {
    const { context, prepare, store, minter, owner } = await createPublisher(temporary);
    const parent = await prepare("parent");
    const child = await prepare("child", { parents: [parent.model.path], statements: { relation: "fine-tune" } });
    const plans: RecordPlan[] = [];
    const { models, transaction } = await mintBatch([parent, child], {
      ...context,
      to: owner.address,
      confirm: async (plan) => {
        plans.push(plan);
        expect(await store.has(parent.built.block.cid)).to.equal(false);
      },
    });
    expect(plans[0]?.models).to.have.length(2);
    expect(plans[0]).to.include({ from: minter.address, to: owner.address });
    expect(models.map(({ record }) => record.relation)).to.deep.equal(["base", "fine-tune"]);
    expect(models[1]?.record.parents).to.deep.equal([BigInt(parent.model.modelDigest)]);
    for (const { record, transaction: own } of models) {
      expect(record).to.include({ creator: minter.address, owner: owner.address });
      expect(await store.has(rawCidOfDigest(record.metadataDigest))).to.equal(true);
      expect(own).to.equal(transaction);
    }
  });

  it("leaves out what is minted already, and sends nothing where all is", async function () {
    const { context, prepare } = await createPublisher(temporary);
    const [first, second] = [await prepare("first"), await prepare("second")];
    const { record } = await mintModel(first, context);
    const { models, transaction } = await mintBatch([second, first], context);
    expect(models.map(({ tokenId }) => tokenId)).to.deep.equal(
      [second, first].map(({ model }) => BigInt(model.modelDigest)),
    );
    expect(models[1]?.record).to.deep.equal(record);
    expect(models[1]).not.to.have.property("transaction");
    expect(models[0]?.transaction).to.equal(transaction);
    const again = await mintBatch([first, second], context);
    expect(again.models).to.have.length(2);
    expect(again).not.to.have.property("transaction");
  });

  it("pins and sends nothing of a batch that does not fit, is not confirmed, or cannot be minted", async function () {
    const { context, prepare, store, stranger } = await createPublisher(temporary);
    const models = [await prepare("first"), await prepare("second"), await prepare("third")];
    const [first, second] = models as [(typeof models)[0], (typeof models)[0]];
    const large = mintBatch(models, { ...context, limits: { gas: 330_000n } });
    const refusal = await large.catch((error: unknown) => error);
    expect(refusal).to.include({ code: "BATCH_TOO_LARGE" });
    expect((refusal as Error).message).to.match(/3 models do not fit .* at most 330000 gas: the first 2 do/);
    const orphan = await prepare("orphan", { parents: ["0x77"], statements: { relation: "fine-tune" } });
    const other = await prepare("first", { statements: { license: "Apache-2.0" } });
    for (const [batch, more, code] of [
      [[], {}, "OPTION_MISSING"],
      [[first, other], {}, "OPTION_INVALID"],
      [[orphan, first], {}, "PARENT_UNKNOWN"],
      [models, { signer: stranger }, "NOT_MINTER"],
    ] as const) {
      expect(await errorCode(() => mintBatch(batch, { ...context, ...more }))).to.equal(code);
    }
    const stop = () => Promise.reject(new Error("no"));
    const stopped = await mintBatch(models, { ...context, confirm: stop }).catch((error: unknown) => error);
    expect(stopped).to.have.property("message", "no");
    expect(await store.has(first.built.block.cid)).to.equal(false);

    await mintModel(second, context);
    const contradicting = await prepare("second", { statements: { license: "Apache-2.0" } });
    expect(await errorCode(() => mintBatch([first, contradicting], context))).to.equal("ALREADY_MINTED");
    expect(await store.has(first.built.block.cid)).to.equal(false);
  });

  it("refuses a child that stands before its parent", async function () {
    const { context, prepare } = await createPublisher(temporary);
    const parent = await prepare("parent");
    const child = await prepare("child", { parents: [parent.model.path], statements: { relation: "fine-tune" } });
    expect(await errorCode(() => mintBatch([child, parent], context))).to.equal("PARENT_UNKNOWN");
  });
});
