import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { developmentWallet } from "../helpers/publishing.ts";
import { countTransactions, likeGeth } from "./helpers/like-geth.ts";
import { type PublisherProcess, startPublisher } from "./helpers/publisher-process.ts";
import { type World, startWorld } from "./helpers/publishing-world.ts";
import { type RpcProxy, startRpcProxy } from "./helpers/rpc-proxy.ts";

const CURATOR = `0x${"c0".repeat(20)}`;
const admin = developmentWallet(0);

describe("an administrative verb whose node estimates on the latest block and mines when it wants", function () {
  let world: World;
  let proxy: RpcProxy;
  let begun = 0;
  let home = "";
  let count = 0;

  before(async function () {
    world = await startWorld(11155111);
    proxy = await startRpcProxy(world.url);
  });

  after(async function () {
    await proxy.close();
    await world.close();
  });

  beforeEach(async function () {
    home = join(world.folder, `admin-${++count}`);
    await mkdir(home);
    begun = await world.provider.getBlockNumber();
    await world.rpc("evm_setAutomine", false);
  });

  afterEach(async function () {
    await world.rpc("evm_setAutomine", true);
  });

  const start = (...args: string[]): PublisherProcess =>
    startPublisher([...args, "--contract", world.registryAddress, "--rpc-url", proxy.url, "--yes"], {
      PRIVATE_KEY: admin.privateKey,
      STATE_PATH: join(home, "state"),
      RPC_TIMEOUT: "2",
      WAIT_SECONDS: "60",
    });
  /** Kills it once the node has its transaction, which is in no block. */
  const startAndKill = async (...args: string[]) => {
    proxy.intercept = likeGeth(world, {});
    proxy.calls.length = 0;
    const { child, ended } = start(...args);
    while (!proxy.calls.some(({ method }) => method === "eth_getTransactionReceipt") && child.exitCode === null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill("SIGKILL");
    const { signal, stderr } = await ended;
    expect(signal, stderr).to.equal("SIGKILL");
  };
  const remembered = async () =>
    (await readdir(join(home, "state"), { recursive: true })).filter((name) => /calls.*\.json$/.test(name));

  it("finds its transaction when it is killed while that waits, and sends no other", async function () {
    const verb = ["roles", "grant", "curator", CURATOR];
    await startAndKill(...verb);
    expect(await remembered()).to.have.length(1);
    proxy.intercept = likeGeth(world, { mineAfter: 3 });
    const again = await start(...verb).ended;
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(again.stderr).to.include("An earlier run sent this");
    expect(await world.contract.hasRole(await world.contract.CURATOR_ROLE(), CURATOR)).to.equal(true);
    expect(await countTransactions(world, admin.address, begun)).to.deep.equal({ sent: 1, reverted: 0 });
    expect(await remembered()).to.deep.equal([]);
  });

  it("sends no other where the first was mined before it is run again", async function () {
    const verb = ["roles", "grant", "curator", `0x${"c1".repeat(20)}`];
    await startAndKill(...verb);
    await world.rpc("evm_mine");
    const again = await start(...verb).ended;
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(await countTransactions(world, admin.address, begun)).to.deep.equal({ sent: 1, reverted: 0 });
  });
});
