import { expect } from "chai";
import { WorkerPool } from "../../../src/base/worker-pool.ts";

type Task = { readonly kind: "answer" } | { readonly kind: "exit" } | { readonly kind: "throw" };

describe("WorkerPool", function () {
  for (const [kind, message] of [
    ["exit", "A thread ended before its task."],
    ["throw", "It fell over."],
  ] as const) {
    it(`goes on with another thread after one that ended (${kind})`, async function () {
      const pool = new WorkerPool<Task, Task>(1, new URL("../../helpers/mortal-worker", import.meta.url));
      const failure = await pool.run(0, { kind }).catch((error: unknown) => (error as Error).message);
      expect(failure).to.equal(message);
      expect(await pool.run(0, { kind: "answer" })).to.deep.equal({ kind: "answer" });
      await pool.close();
    });
  }
});
