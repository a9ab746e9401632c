import { expect } from "chai";
import { AskedWork } from "../../../src/queue/asked-work.ts";
import type { QueueDatabase } from "../../../src/queue/queue-database.ts";
import type { WorkResult } from "../../../src/queue/work-result.ts";

describe("work that is asked of a queue", function () {
  /** A database in which work is done the moment it is put. */
  function quickDatabase(): QueueDatabase {
    const done = new Map<string, WorkResult>();
    const database: Pick<QueueDatabase, "forgetFailures" | "readResults" | "put"> = {
      forgetFailures: async () => undefined,
      readResults: async (keys) => {
        const found = keys.flatMap((key): [string, WorkResult][] => {
          const result = done.get(key);
          return result === undefined ? [] : [[key, result]];
        });
        return new Map(found);
      },
      put: async (_queue, jobs) => jobs.forEach(({ key }) => done.set(key, { ok: true, value: key })),
    };
    return database as QueueDatabase;
  }

  it("is answered, however soon after the last answer it is asked", async function () {
    for (let turns = 0; turns < 20; turns++) {
      const onNobody = () => undefined;
      const work = new AskedWork(quickDatabase(), { queue: "model", abandoned: "HUB_ANSWER_INVALID", onNobody });
      expect(await work.ask("first", {})).to.equal("first");
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      expect(await work.ask("second", {}), `${turns} turns later`).to.equal("second");
      await work.close();
    }
  });
});
