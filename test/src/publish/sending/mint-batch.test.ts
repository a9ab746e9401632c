import { expect } from "chai";
import type { Provider } from "ethers";
import { type BatchLimits, batchCall, estimateBatch } from "../../../../src/publish/sending/mint-batch.ts";
import type { Registry } from "../../../../src/registry/registry.ts";
import { TRANSACTION_GAS_CAP } from "../../../../src/publish/sending/transaction-cost.ts";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { ethers, networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { modelSubmission } from "../../../helpers/model-submissions.ts";
import { deployRegistry } from "../../../helpers/recorded-model.ts";

const { loadFixture } = networkHelpers;
const models = (count: number) => Array.from({ length: count }, (_, i) => modelSubmission(`model ${i}`));

/** The same registry by a node that answers some questions otherwise. */
function withProvider(registry: Registry, answers: Record<string, unknown>): Registry {
  const get = (target: Provider, name: string) => {
    if (name in answers) return answers[name];
    const value: unknown = Reflect.get(target, name);
    return typeof value === "function" ? (value.bind(target) as unknown) : value;
  };
  return { ...registry, provider: new Proxy(registry.provider, { get: (target, name) => get(target, String(name)) }) };
}

describe("estimateBatch", function () {
  /** Estimates, and gives the number of models that a refusal names. */
  async function refusedCount(count: number, limits: BatchLimits) {
    const { registry, minter, owner } = await loadFixture(deployRegistry);
    const error = await estimateBatch(registry, minter.address, owner.address, models(count), limits).catch(
      (refusal: unknown) => refusal,
    );
    if (!(error instanceof ProvenanceError)) throw new Error("not refused", { cause: error });
    expect(error.code).to.equal("BATCH_TOO_LARGE");
    return Number(/the first (\d+) do/.exec(error.message)?.[1]);
  }

  it("refuses more than the gas of one transaction holds, with a number that is exact", async function () {
    const { registry, minter, owner, contract } = await loadFixture(deployRegistry);
    const limits = { bytes: Infinity };
    const fitting = await refusedCount(220, limits);
    expect(fitting).to.be.within(190, 205);

    const most = models(fitting);
    const cost = await estimateBatch(registry, minter.address, owner.address, most, limits);
    expect(cost.gas).to.equal(TRANSACTION_GAS_CAP);
    const { data } = batchCall(registry, owner.address, models(fitting + 1));
    const tooMuch = { to: registry.address, data, gasLimit: TRANSACTION_GAS_CAP };
    expect(await minter.sendTransaction(tooMuch).catch(() => "refused")).to.equal("refused");

    const { data: whole } = batchCall(registry, owner.address, most);
    await minter.sendTransaction({ to: registry.address, data: whole, ...cost.fees });
    expect(await contract.balanceOf(owner)).to.equal(BigInt(fitting));
  });

  it("refuses more than nodes take in one transaction", async function () {
    const fitting = await refusedCount(200, {});
    const { registry, owner } = await loadFixture(deployRegistry);
    const sizeOf = (count: number) => batchCall(registry, owner.address, models(count)).data.length / 2;
    expect(sizeOf(fitting)).to.be.below(128 * 1024);
    expect(sizeOf(fitting + 1)).to.be.above(128 * 1024 - 1024);
    expect(await refusedCount(2, { bytes: 1_000 })).to.equal(0);
  });

  it("keeps to less gas, and to the gas of a block", async function () {
    expect(await refusedCount(5, { gas: 400_000n })).to.be.within(2, 3);
    const { registry, minter, owner } = await loadFixture(deployRegistry);
    const one = withProvider(registry, { getBlock: async () => ({ gasLimit: 300_000n }) });
    expect(await errorCode(() => estimateBatch(one, minter.address, owner.address, models(5)))).to.equal(
      "BATCH_TOO_LARGE",
    );
  });

  it("says which model the contract refuses, and why", async function () {
    const { registry, minter, owner, stranger } = await loadFixture(deployRegistry);
    const batch = models(40);
    batch[29] = modelSubmission("child", { relation: 2, parents: [7n] });
    const refusal = await estimateBatch(registry, minter.address, owner.address, batch).catch(
      (error: unknown) => error,
    );
    expect(refusal).to.include({ code: "TRANSACTION_REFUSED" });
    expect((refusal as Error).message).to.match(/^Model 30 of 40 .*the parent 0x0{63}7 is not in this registry/);

    batch[29] = batch[3] as (typeof batch)[0];
    const twice = await estimateBatch(registry, minter.address, owner.address, batch).catch((error: unknown) => error);
    expect((twice as Error).message).to.match(/^Model 30 of 40 .*minted already/);
    expect(await errorCode(() => estimateBatch(registry, stranger.address, owner.address, models(2)))).to.equal(
      "TRANSACTION_REFUSED",
    );
    expect(await errorCode(() => estimateBatch(registry, minter.address, owner.address, []))).to.equal(
      "OPTION_MISSING",
    );
  });

  it("calls a receiver that takes no tokens by its name", async function () {
    const { registry, minter } = await loadFixture(deployRegistry);
    const receiver = await ethers.deployContract("ReceiverMock", [1]);
    const to = await receiver.getAddress();
    const refusal = await estimateBatch(registry, minter.address, to, models(3)).catch((error: unknown) => error);
    expect((refusal as Error).message).to.match(/^Model 1 of 3 .*does not take such tokens/);
  });

  it("tells a node that does not answer from a batch that is too large", async function () {
    const { registry, minter, owner } = await loadFixture(deployRegistry);
    const cut = withProvider(registry, { estimateGas: () => Promise.reject(new Error("connect ECONNREFUSED")) });
    expect(await errorCode(() => estimateBatch(cut, minter.address, owner.address, models(3)))).to.equal(
      "CHAIN_UNREACHABLE",
    );
  });
});
