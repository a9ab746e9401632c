import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { WITH_ALL_KILLS } from "./helpers/all-kills.ts";
import { type BatchPublisher, expectAllPublished, makeBatchPublisher } from "./helpers/batch-publisher.ts";
import { type World, startWorld } from "./helpers/publishing-world.ts";
import { type RpcProxy, SILENCE, startRpcProxy } from "./helpers/rpc-proxy.ts";

/** Where a process that publishes a list is killed: as in `kill.test.ts`. */
interface KillPoint {
  readonly kind: "write" | "request" | "answer";
  readonly at: number;
  /** One model after the other: then each step has the same number in every run. */
  readonly oneByOne?: true;
}

const LEAST_POINTS = WITH_ALL_KILLS ? 50 : 6;
/** Points in between, where not all are tried. */
const STRIDE = 9;
// Of what is no step of a journal, one in so many.
const WRITE_STRIDE = 12;
const REQUEST_STRIDE = 4;

describe("a publisher of a list that is killed", function () {
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

  it("ends in exactly one token for each model, before and after each step of each journal and in between", async function () {
    const all = await listPoints();
    const points = WITH_ALL_KILLS ? all : all.filter(({ kind }, i) => kind === "answer" || i % STRIDE === 0);
    const left = points.values();
    let killed = 0;
    const work = async (proxy: RpcProxy, wallet: Wallet) => {
      for (const point of left) if (await tryPoint(point, proxy, wallet)) killed++;
    };
    await Promise.all(proxies.map(async (proxy, i) => work(proxy, world.minters[i] as Wallet)));
    expect(killed).to.be.at.least(LEAST_POINTS);
    console.log(`      (${killed} points)`);
  });

  async function listPoints(): Promise<KillPoint[]> {
    const proxy = proxies[0] as RpcProxy;
    const publisher = await makeBatchPublisher(world, "undisturbed", world.minters[0] as Wallet, proxy);
    const path = join(world.folder, "trace");
    const { exitCode, stderr } = await publisher.run({ FAULT_TRACE: path, BATCH_CONCURRENCY: "1" });
    expect(exitCode, stderr).to.equal(0);
    await expectAllPublished(world, publisher, "undisturbed");
    const steps = (await readFile(path, "utf8")).split("\n");
    const isJournal = (step: string) => step.startsWith(`rename ${publisher.statePath}`);
    // A journal is moved to its place in one step: this one is before it, the next one after it.
    const journal = steps.flatMap((step, i) => (isJournal(step) ? [i + 1, i + 2] : []));
    const others = steps.map((_, i) => i + 1).filter((at) => at % WRITE_STRIDE === 0);
    const requests = proxy.calls.map((_, i) => i + 1).filter((at) => at % REQUEST_STRIDE === 0);
    const sent = proxy.calls.findIndex(({ method }) => method === "eth_sendRawTransaction") + 1;
    // Found, three times described and pinned, the batch, sent, mined.
    expect(journal.length / 2).to.be.at.least(15);
    return [
      ...[...new Set(journal)].map((at) => ({ kind: "write" as const, at, oneByOne: true as const })),
      ...others.map((at) => ({ kind: "write" as const, at })),
      ...[...requests, sent].map((at) => ({ kind: "request" as const, at })),
      { kind: "answer", at: sent },
    ];
  }

  /** @returns whether the process was killed */
  async function tryPoint({ kind, at, oneByOne }: KillPoint, proxy: RpcProxy, wallet: Wallet): Promise<boolean> {
    const what = `${kind} ${at}${oneByOne ? " one by one" : ""}`;
    const publisher = await makeBatchPublisher(world, what.replaceAll(" ", "-"), wallet, proxy);
    const before = await world.provider.getTransactionCount(wallet.address);
    const { signal, exitCode } =
      kind === "write"
        ? await publisher.run({ FAULT_KILL_AT: String(at), ...(oneByOne && { BATCH_CONCURRENCY: "1" }) })
        : await killAtRequest(publisher, kind, at);
    expect(signal ?? exitCode, what).to.be.oneOf(["SIGKILL", 0]);
    proxy.intercept = undefined;
    const again = await publisher.run();
    expect(again.exitCode, `${what}: ${again.stderr}`).to.equal(0);
    await expectAllPublished(world, publisher, what);
    const after = await world.provider.getTransactionCount(wallet.address);
    expect(after - before, `${what}: transactions`).to.equal(1);
    return signal === "SIGKILL";
  }

  async function killAtRequest(publisher: BatchPublisher, kind: KillPoint["kind"], at: number) {
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
