import { expect } from "chai";
import { Slots, forEachAtOnce } from "../../../src/base/concurrency.ts";

/** Work that ends when it is told to, and counts how much of it runs. */
function workshop() {
  const waiting: { end: () => void; fail: (error: Error) => void }[] = [];
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((end, fail) => waiting.push({ end, fail })).finally(() => running--);
  };
  return { waiting, work, most: () => most };
}

const turn = async () => new Promise<void>((resolve) => void setImmediate(resolve));

describe("Slots", function () {
  it("lets so many run at once, in their order, and frees the place of what failed", async function () {
    const { waiting, work, most } = workshop();
    const slots = new Slots(2);
    const ends: number[] = [];
    const all = [0, 1, 2, 3].map(async (i) =>
      slots.run(work).then(
        () => ends.push(i),
        () => ends.push(-i),
      ),
    );
    for (let i = 0; i < 4; i++) {
      await turn();
      const next = waiting.shift();
      if (i === 1) next?.fail(new Error("failed"));
      else next?.end();
    }
    await Promise.all(all);
    expect(most()).to.equal(2);
    expect(ends).to.deep.equal([0, -1, 2, 3]);
  });
});

describe("forEachAtOnce", function () {
  it("takes the next item when one is done, of lists and of streams", async function () {
    for (const items of [[1, 2, 3, 4, 5], asStream([1, 2, 3, 4, 5])]) {
      const done: number[] = [];
      let running = 0;
      let most = 0;
      await forEachAtOnce(items, 2, async (item) => {
        most = Math.max(most, ++running);
        await turn();
        running--;
        done.push(item);
      });
      expect(done.toSorted()).to.deep.equal([1, 2, 3, 4, 5]);
      expect(most).to.equal(2);
    }
  });

  it("takes nothing more after a failure, ends the stream, and waits for what runs", async function () {
    const taken: number[] = [];
    let closed = false;
    let ended = false;
    const { waiting, work } = workshop();
    const items = asStream([1, 2, 3, 4], () => (closed = true));
    const failing = forEachAtOnce(items, 2, async (item) => {
      taken.push(item);
      await work();
    }).catch((error: Error) => ((ended = true), error.message));
    await turn();
    waiting[0]?.fail(new Error("first"));
    await turn();
    expect(ended).to.equal(false);
    waiting[1]?.fail(new Error("second"));
    expect(await failing).to.equal("first");
    expect({ taken, closed }).to.deep.equal({ taken: [1, 2], closed: true });
  });

  it("fails as a stream does", async function () {
    const broken = (async function* () {
      yield 1;
      throw new Error("broken");
    })();
    const failure = await forEachAtOnce(broken, 3, turn).catch((error: Error) => error.message);
    expect(failure).to.equal("broken");
  });
});

async function* asStream<T>(items: readonly T[], onClose: () => void = () => undefined): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    onClose();
  }
}
