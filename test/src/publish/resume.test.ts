import { rm } from "node:fs/promises";
import { expect } from "chai";
import { parseUnits } from "ethers";
import type { SendingOptions } from "../../../src/publish/sending/sending.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployForPublishing, developmentWallet, publisher, rpc, steppedClock } from "../../helpers/publishing.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("publishModel", function () {
  const temporary = useTemporaryFolder();

  async function prepare() {
    const deployed = await networkHelpers.loadFixture(deployForPublishing);
    const { registry, wallet, contract } = deployed;
    const modelPath = await temporary.write("model", { "model.bin": "weights" });
    const publish = publisher(registry, wallet, temporary.path());
    const mints = async () => (await contract.queryFilter(contract.filters.ProvenanceDataRecorded())).length;
    const countNonces = async () => wallet.getNonce("latest");
    return { ...deployed, modelPath, publish, mints, countNonces };
  }

  /** Blocks are made by hand; a run that waits for one gives up at once, as if it had been killed there. */
  async function prepareByHand() {
    const prepared = await prepare();
    await rpc("evm_setAutomine", false);
    const interrupted = async (options: SendingOptions = {}) => {
      const run = await prepared.publish({ modelPath: prepared.modelPath }, { waitSeconds: 1, ...options });
      expect(run.error?.code).to.equal("TRANSACTION_PENDING");
      return run;
    };
    return { ...prepared, interrupted };
  }

  afterEach(async function () {
    await rpc("evm_setAutomine", true);
  });

  it("publishes once, and reports the token when it is run again", async function () {
    const { publish, modelPath, mints } = await prepare();
    const first = await publish({ modelPath });
    expect(first.error).to.equal(undefined);
    expect(first.minted?.transaction?.transactionHash).to.equal(first.sent[0]);
    const second = await publish({ modelPath });
    expect(second.minted?.transaction).to.equal(undefined);
    expect(second.minted?.uri).to.equal(first.minted?.uri);
    expect(second.sent).to.deep.equal([]);
    expect(await mints()).to.equal(1);
  });

  it("waits on for a transaction that an earlier run sent", async function () {
    const { publish, modelPath, interrupted, mints } = await prepareByHand();
    const { sent } = await interrupted();
    const mine = steppedClock([async () => rpc("evm_mine")]);
    const again = await publish({ modelPath }, { clock: mine });
    expect(again.minted?.transaction?.transactionHash).to.equal(sent[0]);
    expect(again.plans).to.deep.equal([]);
    expect(await mints()).to.equal(1);
  });

  it("finds that a transaction of an earlier run was mined meanwhile", async function () {
    const { publish, modelPath, interrupted } = await prepareByHand();
    const { sent } = await interrupted();
    await rpc("evm_mine");
    const again = await publish({ modelPath });
    expect(again.minted?.transaction?.transactionHash).to.equal(sent[0]);
    expect(again.sent).to.deep.equal([]);
  });

  it("broadcasts the same bytes again when the node dropped them", async function () {
    const { publish, modelPath, interrupted, mints } = await prepareByHand();
    const { sent } = await interrupted();
    await rpc("hardhat_dropTransaction", sent[0]);
    const again = await publish({ modelPath }, { clock: steppedClock([async () => rpc("evm_mine")]) });
    expect(again.sent).to.deep.equal(sent);
    expect(again.minted?.transaction?.transactionHash).to.equal(sent[0]);
    expect(await mints()).to.equal(1);
  });

  it("replaces a transaction that offers less than blocks ask by now, at its nonce", async function () {
    const { publish, modelPath, interrupted, mints, countNonces } = await prepareByHand();
    const before = await countNonces();
    const { plans, sent } = await interrupted();
    const dear = (plans[0]?.maxFeePerGas ?? 0n) * 3n;
    await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${dear.toString(16)}`);
    await rpc("evm_mine"); // Without the transaction: it does not pay the base fee.
    const again = await publish({ modelPath }, { clock: steppedClock([async () => rpc("evm_mine")]) });
    expect(again.plans[0]?.replaces?.hash).to.equal(sent[0]);
    expect(again.sent).to.have.length(1).and.not.to.deep.equal(sent);
    expect(again.minted?.transaction?.transactionHash).to.equal(again.sent[0]);
    expect(await mints()).to.equal(1);
    expect(await countNonces()).to.equal(before + 1);
  });

  it("replaces nothing for more than the limit of the fees", async function () {
    const { publish, modelPath, interrupted } = await prepareByHand();
    await interrupted();
    await rpc("hardhat_setNextBlockBaseFeePerGas", `0x${parseUnits("100", "gwei").toString(16)}`);
    await rpc("evm_mine");
    const again = await publish({ modelPath }, { maxFeePerGas: parseUnits("50", "gwei"), waitSeconds: 1 });
    expect(again.error?.code).to.equal("COST_TOO_HIGH");
    expect(again.error?.message).to.include("50");
    expect(again.sent).to.deep.equal([]);
  });

  it("sends at the next nonce when somebody used the first for something else", async function () {
    const { publish, modelPath, interrupted, wallet, mints } = await prepareByHand();
    const { plans } = await interrupted();
    const maxFeePerGas = (plans[0]?.maxFeePerGas ?? 0n) * 2n;
    const nonce = await wallet.getNonce("latest");
    await wallet.sendTransaction({ to: wallet.address, nonce, maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas });
    await rpc("evm_mine");
    expect(await mints()).to.equal(0);
    const again = await publish({ modelPath }, { clock: steppedClock([async () => rpc("evm_mine")]) });
    expect(again.error).to.equal(undefined);
    expect(again.plans).to.have.length(1);
    expect(await mints()).to.equal(1);
    expect(await wallet.getNonce("latest")).to.equal(nonce + 2);
  });

  it("waits for a stranger in the mempool with its nonce, and sends at the next", async function () {
    const { publish, modelPath, interrupted, wallet, mints } = await prepareByHand();
    const { sent } = await interrupted();
    await rpc("hardhat_dropTransaction", sent[0]);
    const nonce = await wallet.getNonce("latest");
    await wallet.sendTransaction({ to: wallet.address, nonce });
    const mines = Array.from({ length: 20 }, () => async () => rpc("evm_mine"));
    const again = await publish({ modelPath }, { clock: steppedClock(mines) });
    expect(again.error).to.equal(undefined);
    expect(await mints()).to.equal(1);
    expect(await wallet.getNonce("latest")).to.equal(nonce + 2);
  });

  it("notices that its block left the chain, and waits again", async function () {
    const { publish, modelPath, mints } = await prepareByHand();
    const before = await rpc("evm_snapshot");
    const mine = async () => rpc("evm_mine");
    const reorganise = async () => {
      await rpc("evm_revert", before);
      await rpc("evm_increaseTime", 60);
      await mine();
    };
    const clock = steppedClock([mine, reorganise, mine, mine, mine, mine, mine]);
    const run = await publish({ modelPath }, { confirmations: 3, clock });
    expect(run.error).to.equal(undefined);
    expect(run.warnings.join()).to.include("no longer part of the chain");
    expect(new Set(run.sent).size).to.equal(1);
    expect(await mints()).to.equal(1);
  });

  it("notices in the next run that the block with its token left the chain", async function () {
    const { publish, modelPath, mints } = await prepare();
    const before = await rpc("evm_snapshot");
    const first = await publish({ modelPath });
    await rpc("evm_revert", before);
    expect(await mints()).to.equal(0);
    const again = await publish({ modelPath });
    expect(again.error).to.equal(undefined);
    expect(again.sent).to.deep.equal(first.sent);
    expect(await mints()).to.equal(1);
  });

  it("says that it is not as deep as was asked, and goes on from there", async function () {
    const { publish, modelPath } = await prepare();
    const shallow = await publish({ modelPath }, { confirmations: 3, waitSeconds: 1 });
    expect(shallow.error?.code).to.equal("TRANSACTION_PENDING");
    await rpc("hardhat_mine", "0x2");
    const again = await publish({ modelPath }, { confirmations: 3 });
    expect(again.minted?.transaction?.transactionHash).to.equal(shallow.sent[0]);
    expect(again.sent).to.deep.equal([]);
  });

  it("refuses to say something else while what was said may still be mined", async function () {
    const { publish, modelPath, interrupted, mints } = await prepareByHand();
    const { sent } = await interrupted();
    const other = await publish({ modelPath, statements: { license: "Apache-2.0" } }, { waitSeconds: 1 });
    expect(other.error?.code).to.equal("TRANSACTION_PENDING");
    expect(other.error?.message).to.include("other metadata");
    expect(other.sent).to.deep.equal([]);
    await rpc("hardhat_dropTransaction", sent[0]);
    const clock = steppedClock([async () => rpc("evm_mine")]);
    const now = await publish({ modelPath, statements: { license: "Apache-2.0" } }, { clock });
    expect(now.minted?.record.license).to.equal("Apache-2.0");
    expect(now.plans[0]?.replaces?.hash).to.equal(sent[0]);
    expect(await mints()).to.equal(1);
  });

  it("goes on with another account when the first cannot replace what the node forgot", async function () {
    const { publish, modelPath, interrupted, registry, contract, admin, MINTER_ROLE, mints } = await prepareByHand();
    const { sent } = await interrupted();
    await rpc("hardhat_dropTransaction", sent[0]);
    await rpc("evm_setAutomine", true);
    const other = developmentWallet(7).connect(registry.provider);
    await contract.connect(admin).grantRole(MINTER_ROLE, other.address);
    const run = await publisher(registry, other, temporary.path())({ modelPath });
    expect(run.minted?.record.creator).to.equal(other.address);
    const old = await publish({ modelPath });
    expect(old.error?.code).to.equal("ALREADY_MINTED");
    expect(await mints()).to.equal(1);
  });

  it("lets one of two publishers of a model mint, and the other report", async function () {
    const { publish, modelPath, mints } = await prepare();
    const runs = await Promise.all([publish({ modelPath }), publish({ modelPath })]);
    expect(runs.map(({ error }) => error)).to.deep.equal([undefined, undefined]);
    expect(runs.filter(({ minted }) => minted?.transaction !== undefined)).to.have.length(1);
    expect(await mints()).to.equal(1);
  });

  it("gives publishers of many models on one account a nonce each", async function () {
    const { publish, mints } = await prepareByHand();
    const paths = await Promise.all(
      ["a", "b", "c", "d", "e"].map(async (name) => temporary.write(name, { "model.bin": name })),
    );
    const mine = async () => rpc("evm_mine");
    const clock = () => steppedClock(Array.from({ length: 40 }, () => mine));
    const runs = await Promise.all(paths.map(async (modelPath) => publish({ modelPath }, { clock: clock() })));
    expect(runs.map(({ error }) => error)).to.deep.equal(paths.map(() => undefined));
    expect(await mints()).to.equal(5);
  });

  it("ends in one token on two machines that know nothing of each other", async function () {
    const { registry, wallet, modelPath, mints } = await prepare();
    const machines = ["one", "two"].map((name) => publisher(registry, wallet, temporary.path(name)));
    const runs = await Promise.all(machines.map(async (publish) => publish({ modelPath })));
    for (const { error } of runs) if (error !== undefined) expect(error.code).to.equal("TRANSACTION_REFUSED");
    for (const publish of machines) expect((await publish({ modelPath })).error).to.equal(undefined);
    expect(await mints()).to.equal(1);
  });

  it("asks for a signature once, unless it is to say something else", async function () {
    const { registry, wallet, modelPath } = await prepareByHand();
    let asked = 0;
    const asking = new Proxy(wallet, {
      get: (target, key) => {
        if (key === "signTypedData") asked++;
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const publish = publisher(registry, asking, temporary.path());
    for (let run = 0; run < 3; run++) await publish({ modelPath }, { waitSeconds: 1 });
    expect(asked).to.equal(1);
    await publish({ modelPath, statements: { license: "Apache-2.0" } }, { waitSeconds: 1 });
    expect(asked).to.equal(2);
  });

  it("pins again what the store lost, though the token is there", async function () {
    const { publish, modelPath } = await prepare();
    const { prepared } = await publish({ modelPath });
    await rm(temporary.path("store"), { recursive: true });
    expect((await publish({ modelPath })).error).to.equal(undefined);
    const { LocalStore } = await import("../../../src/content/stores/local/local-store.ts");
    const store = new LocalStore(temporary.path("store"));
    expect(await store.get(prepared?.built.block.cid as never)).to.deep.equal(prepared?.built.block.bytes);
    for (const { root } of prepared?.built.attachments ?? []) expect(await store.has(root)).to.equal(true);
  });

  it("works with an account that a node signs for", async function () {
    const { registry, minter, modelPath, mints } = await prepare();
    await rpc("evm_setAutomine", false);
    const nonce = await minter.getNonce("latest");
    const publish = publisher(registry, minter, temporary.path());
    const first = await publish({ modelPath }, { waitSeconds: 1 });
    expect(first.error?.code).to.equal("TRANSACTION_PENDING");
    await rpc("hardhat_dropTransaction", first.sent[0]);
    const again = await publish({ modelPath }, { clock: steppedClock([async () => rpc("evm_mine")]) });
    expect(again.error).to.equal(undefined);
    expect(again.plans[0]?.replaces).to.include({ nonce, hash: first.sent[0] });
    expect(await mints()).to.equal(1);
    expect(await minter.getNonce("latest")).to.equal(nonce + 1);
  });

  it("finds a transaction whose hash a node that signs never told", async function () {
    const { registry, minter, modelPath, mints } = await prepare();
    await rpc("evm_setAutomine", false);
    const nonce = await minter.getNonce("latest");
    const lost = new Proxy(minter, {
      get: (target, key) => {
        if (key === "sendTransaction") {
          return async (transaction: object) => {
            await target.sendTransaction(transaction);
            throw Object.assign(new Error("request timeout"), { code: "TIMEOUT" });
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const publish = publisher(registry, lost, temporary.path());
    expect((await publish({ modelPath }, { waitSeconds: 1 })).error?.code).to.equal("TRANSACTION_PENDING");
    expect((await publish({ modelPath }, { waitSeconds: 1 })).error?.code).to.equal("TRANSACTION_PENDING");
    await rpc("evm_mine");
    expect((await publish({ modelPath })).error).to.equal(undefined);
    expect(await mints()).to.equal(1);
    expect(await minter.getNonce("latest")).to.equal(nonce + 1);
  });
});
