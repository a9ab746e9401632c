import { expect } from "chai";
import type { Wallet } from "ethers";
import { type BatchPublisher, expectAllPublished, makeBatchPublisher } from "./helpers/batch-publisher.ts";
import { type DeathPoint, type Life, live } from "./helpers/lives.ts";
import { type Publisher, type World, expectPublished, makePublisher, startWorld } from "./helpers/publishing-world.ts";

const LEAST_POINTS = 50;
// Of what is no step of a journal, one in so many.
const WRITE_STRIDE = 12;
const REQUEST_STRIDE = 4;

// The same points as those of kill.test.ts and batch-kill.test.ts, all of them, without a process for each: see lives.ts.
describe("a publisher that dies", function () {
  this.timeout(10 * 60_000);
  let world: World;

  before(async function () {
    world = await startWorld(11155111);
  });

  after(async function () {
    await world.close();
  });

  it("ends in exactly one token with every pin when another takes over, wherever it died", async function () {
    const make = async (name: string) => {
      const publisher = await makePublisher(world, name, wallet());
      await publisher.proxy.close();
      return publisher;
    };
    const died = await tryAll(make, async (publisher, what) => expectPublished(world, publisher, what));
    expect(died).to.be.at.least(LEAST_POINTS);
  });

  it("of a list ends in exactly one token for each model, before and after each step of each journal and in between", async function () {
    const make = async (name: string) => {
      const publisher = await makeBatchPublisher(world, `list-${name}`, wallet());
      await publisher.proxy.close();
      return publisher;
    };
    const died = await tryAll(
      make,
      async (publisher, what) => expectAllPublished(world, publisher, what),
      chooseListPoints,
    );
    expect(died).to.be.at.least(LEAST_POINTS);
  });

  const wallet = () => world.minters[0] as Wallet;

  /** Tries every point of a run that nobody disturbs. @returns how many publishers died */
  async function tryAll<P extends Publisher | BatchPublisher>(
    make: (name: string) => Promise<P>,
    expectDone: (publisher: P, what: string) => Promise<void>,
    choose: (life: Life, publisher: P) => DeathPoint[] = listPoints,
  ): Promise<number> {
    const undisturbed = await make("undisturbed");
    const whole = await run(undisturbed);
    expect(whole).to.include({ died: false, exitCode: 0, error: undefined });
    await expectDone(undisturbed, "undisturbed");
    let died = 0;
    for (const point of choose(whole, undisturbed)) {
      const what = `${point.kind} ${point.at}`;
      const publisher = await make(what.replace(" ", "-"));
      const before = await world.provider.getTransactionCount(publisher.wallet.address);
      const first = await run(publisher, point);
      if (first.died) died++;
      else expect(first, what).to.include({ exitCode: 0, error: undefined });
      expect(await run(publisher), what).to.include({ died: false, exitCode: 0, error: undefined });
      await expectDone(publisher, what);
      const after = await world.provider.getTransactionCount(publisher.wallet.address);
      expect(after - before, `${what}: transactions`).to.equal(1);
    }
    return died;
  }

  async function run(publisher: Publisher | BatchPublisher, point?: DeathPoint): Promise<Life> {
    const { args, environment, home } = publisher;
    // One model after the other: then each step has the same number in every run.
    return live(world, args.slice(1), { ...environment, BATCH_CONCURRENCY: "1" }, home, point);
  }

  function listPoints({ steps, requests }: Life): DeathPoint[] {
    const upTo = (kind: DeathPoint["kind"], last: number) =>
      Array.from({ length: last }, (_, i) => ({ kind, at: i + 1 }));
    // What the node did without its answer being heard shows where it changed something: when it took the transaction.
    const sent = requests.indexOf("eth_sendRawTransaction") + 1;
    return [...upTo("write", steps.length), ...upTo("request", requests.length), { kind: "answer", at: sent }];
  }

  /** The points of each journal, and one in so many of the others: see batch-kill.test.ts. */
  function chooseListPoints(life: Life, { statePath }: BatchPublisher): DeathPoint[] {
    const isJournal = (step: number) => life.steps[step - 1]?.startsWith(`rename ${statePath}`) === true;
    const sent = life.requests.indexOf("eth_sendRawTransaction") + 1;
    return listPoints(life).filter(({ kind, at }) => {
      if (kind === "write") return isJournal(at) || isJournal(at - 1) || at % WRITE_STRIDE === 0;
      return kind === "answer" || at % REQUEST_STRIDE === 0 || at === sent;
    });
  }
});
