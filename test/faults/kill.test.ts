import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { WITH_ALL_KILLS } from "./helpers/all-kills.ts";
import { type Publisher, type World, expectPublished, makePublisher, startWorld } from "./helpers/publishing-world.ts";
import { type RpcProxy, SILENCE, startRpcProxy } from "./helpers/rpc-proxy.ts";

/** Where a process that publishes is killed. */
interface KillPoint {
  /** Instead of a step that changes the disk; instead of a request to the node; after the node did what was asked. */
  readonly kind: "write" | "request" | "answer";
  readonly at: number;
}

const LEAST_POINTS = WITH_ALL_KILLS ? 50 : 12;
/** Points in between, where not all are tried. */
const STRIDE = 8;

describe("a publisher that is killed", function () {
  this.timeout(20 * 60_000); // With all kills some two hundred processes.
  let world: World;
  let proxies: RpcProxy[];

  before(async function () {
    world = await startWorld(11155111);
    proxies = [await startRpcProxy(world.url), await startRpcProxy(world.url)];
  });

  after(async function () {
    await Promise.all(proxies.map(async ({ close }) => close()));
    await world.close();
  });

  it("ends in exactly one token with every pin when it is run again, wherever it was killed", async function () {
    const all = await listPoints();
    const points = WITH_ALL_KILLS ? all : all.filter(({ kind }, i) => kind === "answer" || i % STRIDE === 0);
    expect(points.length).to.be.at.least(LEAST_POINTS);
    const left = points.values();
    let killed = 0;
    const work = async (proxy: RpcProxy, wallet: Wallet) => {
      for (const point of left) if (await tryPoint(point, proxy, wallet)) killed++;
    };
    await Promise.all(proxies.map(async (proxy, i) => work(proxy, world.minters[i] as Wallet)));
    expect(killed).to.be.at.least(LEAST_POINTS);
    console.log(`      (${killed} points)`);
  });

  /** Counts what a run that nobody disturbs does: each of its steps and requests is a place to be killed at. */
  async function listPoints(): Promise<KillPoint[]> {
    const proxy = proxies[0] as RpcProxy;
    const publisher = await makePublisher(world, "undisturbed", world.minters[0] as Wallet, proxy);
    const count = join(world.folder, "count");
    const { exitCode, stderr } = await publisher.run({ FAULT_COUNT: count });
    expect(exitCode, stderr).to.equal(0);
    await expectPublished(world, publisher, "undisturbed");
    const steps = Number(await readFile(count, "utf8"));
    const upTo = (kind: KillPoint["kind"], last: number) =>
      Array.from({ length: last }, (_, i) => ({ kind, at: i + 1 }));
    // What the node did without its answer being heard shows where it changed something: when it took the transaction.
    const sent = proxy.calls.findIndex(({ method }) => method === "eth_sendRawTransaction") + 1;
    return [...upTo("write", steps), ...upTo("request", proxy.calls.length), { kind: "answer", at: sent }];
  }

  /** @returns whether the process was killed */
  async function tryPoint({ kind, at }: KillPoint, proxy: RpcProxy, wallet: Wallet): Promise<boolean> {
    const what = `${kind} ${at}`;
    const publisher = await makePublisher(world, what.replace(" ", "-"), wallet, proxy);
    const before = await world.provider.getTransactionCount(wallet.address);
    const { signal, exitCode } =
      kind === "write" ? await publisher.run({ FAULT_KILL_AT: String(at) }) : await killAtRequest(publisher, kind, at);
    expect(signal ?? exitCode, what).to.be.oneOf(["SIGKILL", 0]);
    proxy.intercept = undefined;
    const again = await publisher.run();
    expect(again.exitCode, `${what}: ${again.stderr}`).to.equal(0);
    await expectPublished(world, publisher, what);
    const after = await world.provider.getTransactionCount(wallet.address);
    expect(after - before, `${what}: transactions`).to.equal(1);
    return signal === "SIGKILL";
  }

  async function killAtRequest(publisher: Publisher, kind: KillPoint["kind"], at: number) {
    const { proxy } = publisher;
    let requests = 0;
    const process = publisher.start();
    proxy.intercept = async (_call, forward) => {
      if (++requests !== at) return forward();
      if (kind === "answer") await forward();
      process.child.kill("SIGKILL");
      return SILENCE;
    };
    return process.ended;
  }
});
