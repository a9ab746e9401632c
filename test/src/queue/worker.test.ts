import { expect } from "chai";
import type { QueueDatabase, TakenJob } from "../../../src/queue/queue-database.ts";
import { runWorker } from "../../../src/queue/worker.ts";

describe("a worker of a queue", function () {
  it("says what nobody expected, and hands the work back", async function () {
    const jobs: TakenJob[] = [{ queue: "model", id: "1", key: "org/name@sha", data: {}, isLast: true }];
    const given: unknown[] = [];
    const database: Pick<QueueDatabase, "take" | "hasWork" | "giveBack" | "putBack" | "touch"> = {
      take: async (_queue, count) => jobs.splice(0, count),
      hasWork: async () => jobs.length > 0,
      giveBack: async (...all) => void given.push(all),
      putBack: async (_queue, ids) => void expect(ids).to.deep.equal([]),
      touch: async () => undefined,
    };
    const perform = async () => Promise.reject(new TypeError("this has no length"));
    const said: string[] = [];
    const summary = await runWorker(
      [{ queue: "model", atOnce: 1, perform, isPassing: () => false }],
      database as QueueDatabase,
      {
        drain: true,
        signal: new AbortController().signal,
        onHandedBack: (key, { message }) => said.push(`${key}: ${message}`),
      },
    );
    expect(summary).to.deep.equal({ done: 0, failed: 0, handedBack: 1 });
    expect(said).to.deep.equal(["org/name@sha: this has no length"]);
    expect(given).to.deep.equal([["model", ["1"], "this has no length"]]);
  });
});
