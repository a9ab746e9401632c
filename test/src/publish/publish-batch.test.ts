import { rm } from "node:fs/promises";
import { expect } from "chai";
import type { SendingOptions } from "../../../src/publish/sending/sending.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import {
  batchPublisher,
  deployForPublishing,
  developmentWallet,
  publisher,
  rpc,
  steppedClock,
} from "../../helpers/publishing.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MANY = 210; // Some 195 fit into one transaction.

describe("publishBatch", function () {
  const temporary = useTemporaryFolder();

  async function prepare() {
    const deployed = await networkHelpers.loadFixture(deployForPublishing);
    const { registry, wallet, contract } = deployed;
    const make = async (name: string) => ({ modelPath: await temporary.write(name, { "model.bin": name }) });
    const publish = batchPublisher(registry, wallet, temporary.path());
    const mints = async () => contract.queryFilter(contract.filters.ProvenanceDataRecorded());
    return { ...deployed, make, publish, mints };
  }

  /** A batch whose transaction waits in the mempool, of a run that gave up waiting. */
  async function prepareWaiting() {
    const prepared = await prepare();
    const models = [await prepared.make("a"), await prepared.make("b"), await prepared.make("c")];
    await rpc("evm_setAutomine", false);
    const first = await prepared.publish(models, { waitSeconds: 1 });
    expect(first.error?.code).to.equal("TRANSACTION_PENDING");
    expect(first.sent).to.have.length(1);
    return { ...prepared, models, hash: first.sent[0] as string };
  }

  const mining = (): SendingOptions => ({ clock: steppedClock([async () => rpc("evm_mine")]) });

  afterEach(async function () {
    await rpc("evm_setAutomine", true);
  });

  it("mints parents and children of a list in one transaction, and reports them when it is run again", async function () {
    const { make, publish, mints } = await prepare();
    const parent = await make("parent");
    const child = { ...(await make("child")), parents: [parent.modelPath] };
    const list = [
      { ...child, statements: { license: "MIT", relation: "fine-tune" as const } },
      parent,
      await make("x"),
    ];
    const first = await publish(list);
    expect(first.error).to.equal(undefined);
    expect(first.statuses).to.deep.equal(["minted", "minted", "minted"]);
    expect(first.sent).to.have.length(1);
    expect(first.plans.map(({ count }) => count)).to.deep.equal([3]);
    expect(first.told.toSorted()).to.deep.equal([0, 1, 2]);
    const minted = await mints();
    expect(minted).to.have.length(3);
    const again = await publish(list);
    expect(again.statuses).to.deep.equal(["existing", "existing", "existing"]);
    expect(again).to.deep.include({ sent: [], plans: [] });
    expect(await mints()).to.have.length(3);
  });

  it("divides what one transaction does not hold, and asks once", async function () {
    const { make, publish, mints } = await prepare();
    const models = await Promise.all(Array.from({ length: MANY }, async (_, i) => make(`model-${i}`)));
    const { statuses, sent, plans } = await publish(models);
    expect(new Set(statuses)).to.deep.equal(new Set(["minted"]));
    expect(sent).to.have.length(2);
    expect(plans).to.have.length(1);
    expect(plans[0]?.count).to.equal(MANY);
    expect(await mints()).to.have.length(MANY);
  });

  it("publishes the others where models cannot be", async function () {
    const { make, publish, mints } = await prepare();
    const good = await make("good");
    const orphan = { ...(await make("orphan")), parents: ["0x77"], statements: { relation: "fine-tune" as const } };
    const { statements } = orphan;
    const grandchild = { ...(await make("grandchild")), parents: [orphan.modelPath], statements };
    const [left, right] = [
      { ...(await make("left")), statements },
      { ...(await make("right")), statements },
    ];
    const { statuses, sent, results } = await publish([
      { modelPath: temporary.path("nowhere") },
      good,
      { modelPath: await temporary.write("empty", {}) },
      good,
      { ...(await make("pictured")), imagePath: temporary.path("no.svg") },
      { ...(await make("wordy")), statements: { framework: { name: "x".repeat(80) } } },
      orphan,
      grandchild,
      { ...left, parents: [right.modelPath] },
      { ...right, parents: [left.modelPath] },
      await make("last"),
    ]);
    expect(statuses).to.deep.equal([
      "MODEL_NOT_FOUND",
      "minted",
      "MODEL_EMPTY",
      "OPTION_INVALID",
      "OPTION_INVALID",
      "OPTION_INVALID",
      "PARENT_UNKNOWN",
      "PARENT_UNKNOWN",
      "PARENT_UNKNOWN",
      "PARENT_UNKNOWN",
      "minted",
    ]);
    const twice = results[3];
    expect(twice?.status === "failed" && twice.error.message).to.include("entry 2");
    expect(sent).to.have.length(1);
    expect(await mints()).to.have.length(2);
  });

  it("finds the one that the contract refuses only when all are sent", async function () {
    const { make, publish, registry, admin, contract, mints } = await prepare();
    const names = ["a", "b", "c", "d", "e"];
    const models = await Promise.all(names.map(async (name) => make(name)));
    const rival = developmentWallet(5).connect(registry.provider);
    await contract.connect(admin).grantRole(await contract.MINTER_ROLE(), rival.address);
    const other = publisher(registry, rival, temporary.path("rival"));
    const { statuses, sent } = await publish(models, {
      confirm: async () => {
        expect((await other({ modelPath: models[3]?.modelPath as string })).error).to.equal(undefined);
      },
    });
    expect(statuses).to.deep.equal(["minted", "minted", "minted", "ALREADY_MINTED", "minted"]);
    expect(sent).to.have.length(2);
    expect(await mints()).to.have.length(5);
  });

  it("stops where nobody agrees, and has sent and pinned nothing", async function () {
    const { make, publish, mints } = await prepare();
    const models = [await make("a"), await make("b")];
    const { error } = await publish(models, { confirm: async () => Promise.reject(new Error("too dear")) });
    expect(error?.message).to.equal("too dear");
    expect(await mints()).to.have.length(0);
    await rm(temporary.path("store"), { recursive: true }).then(
      () => expect.fail("something was pinned"),
      (missing: NodeJS.ErrnoException) => expect(missing.code).to.equal("ENOENT"),
    );
  });

  it("waits on for the transaction of an earlier run", async function () {
    const { publish, models, hash, mints } = await prepareWaiting();
    const again = await publish(models, mining());
    expect(again.statuses).to.deep.equal(["minted", "minted", "minted"]);
    expect(again).to.deep.include({ sent: [], plans: [] });
    const transactions = again.results.map((result) => result.status === "minted" && result.minted.transaction);
    expect(new Set(transactions.map((each) => each && each.transactionHash))).to.deep.equal(new Set([hash]));
    expect(await mints()).to.have.length(3);
    expect((await publish(models)).statuses).to.deep.equal(["existing", "existing", "existing"]);
  });

  it("waits until what an earlier run sent is as deep as was asked", async function () {
    const { publish, models } = await prepareWaiting();
    await rpc("evm_mine");
    const hasty = await publish(models, { confirmations: 3, waitSeconds: 1 });
    expect(hasty.error?.code).to.equal("TRANSACTION_PENDING");
    const mine = async () => rpc("evm_mine");
    const patient = await publish(models, { confirmations: 3, clock: steppedClock([mine, mine, mine]) });
    expect(patient.statuses).to.deep.equal(["minted", "minted", "minted"]);
  });

  it("broadcasts the same bytes again when the node dropped them", async function () {
    const { publish, models, hash, mints } = await prepareWaiting();
    await rpc("hardhat_dropTransaction", hash);
    const again = await publish(models, mining());
    expect(again.sent).to.deep.equal([hash]);
    expect(again.statuses).to.deep.equal(["minted", "minted", "minted"]);
    expect(await mints()).to.have.length(3);
  });

  it("begins anew when somebody used its nonce for something else", async function () {
    const { publish, models, hash, wallet, mints } = await prepareWaiting();
    await rpc("hardhat_dropTransaction", hash);
    const nonce = await wallet.getNonce("latest");
    await wallet.sendTransaction({ to: wallet.address, nonce });
    await rpc("evm_mine");
    const again = await publish(models, mining());
    expect(again.statuses).to.deep.equal(["minted", "minted", "minted"]);
    expect(await wallet.getNonce("latest")).to.equal(nonce + 2);
    expect(await mints()).to.have.length(3);
  });

  it("mints a longer list than the one that was interrupted, and each model once", async function () {
    const { publish, models, make, mints } = await prepareWaiting();
    const longer = [await make("z"), ...models.toReversed()];
    const again = await publish(longer, { clock: steppedClock([1, 2].map(() => async () => rpc("evm_mine"))) });
    expect(again.statuses).to.deep.equal(["minted", "minted", "minted", "minted"]);
    expect(again.sent).to.have.length(1);
    expect(await mints()).to.have.length(4);
  });

  it("lets one of its models be finished alone", async function () {
    const { registry, wallet, models, hash, mints } = await prepareWaiting();
    const alone = await publisher(
      registry,
      wallet,
      temporary.path(),
    )({ modelPath: models[1]?.modelPath as string }, mining());
    expect(alone.error).to.equal(undefined);
    expect(alone.minted?.transaction?.transactionHash).to.equal(hash);
    expect(await mints()).to.have.length(3);
  });

  it("does not take what an earlier run says otherwise for the same", async function () {
    const { publish, models, mints } = await prepareWaiting();
    const [first, ...others] = models as [(typeof models)[0], ...typeof models];
    const again = await publish([{ ...first, statements: { license: "Apache-2.0" } }, ...others], mining());
    expect(again.statuses).to.deep.equal(["ALREADY_MINTED", "minted", "minted"]);
    expect(await mints()).to.have.length(3);
  });
});
