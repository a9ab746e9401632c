import { expect } from "chai";
import { createSharedPauses } from "../../src/hub/queue/shared-pauses.ts";
import { QueueDatabase } from "../../src/queue/queue-database.ts";
import { useQueue } from "./helpers/use-queue.ts";

const HUB = { endpoint: "https://hub.example" };
const RATE = 20;
const PAUSE = 2000;

describe("the turns of those who share a queue", function () {
  this.timeout(60_000);
  const queue = useQueue();

  it("are over when the Hub asks one of them to wait, for those too who had theirs already", async function () {
    const databases = await Promise.all([1, 2].map(async () => QueueDatabase.open(queue.url())));
    try {
      const [one, other] = await Promise.all(
        databases.map(async (database) => createSharedPauses(database, HUB, RATE)),
      );
      const turns: number[] = [];
      const take = async (pauses = one) => pauses?.over("api").then(() => turns.push(performance.now()));
      await take();
      const waiting = Array.from({ length: 20 }, async (_, i) => take(i % 2 === 0 ? one : other));
      await waiting[0];
      await one?.add("api", PAUSE);
      const [asked, before] = [performance.now(), turns.length];
      await other?.over("resolvers"); // which are counted apart
      const meanwhile = turns.length - before;
      await Promise.all(waiting);
      const after = turns.slice(before);
      expect(after.length).to.be.greaterThan(10);
      // One that was told to go on right before that goes on; a timer may fire a little early.
      const early = after.filter((time) => time < asked + PAUSE - 50);
      expect(early.length).to.be.at.most(2);
      expect(meanwhile).to.be.at.most(2);
      const later = after.slice(early.length);
      const took = Math.max(...later) - Math.min(...later);
      // At the rate that was said, and not all at once; the first may have come late.
      expect(took).to.be.greaterThan(((later.length - 1) / RATE) * 500);
    } finally {
      await Promise.all(databases.map(async (database) => database.close()));
    }
  });
});
