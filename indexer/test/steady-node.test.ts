import { expect } from "chai";
import { type AskNode, type NodeQuestion, steady } from "../lib/steady-node.ts";

const HASH = `0x${"ab".repeat(32)}`;
const NEWEST: NodeQuestion = { method: "eth_getBlockByNumber", params: ["latest", true] };
const LOGS: NodeQuestion = { method: "eth_getLogs", params: [{ blockHash: HASH }] };
const UNKNOWN = Object.assign(new Error("unknown block"), { code: -32000 });

describe("steady", function () {
  /** A node that answers as told; what was asked of it, and what it lost. */
  function open(answer: AskNode) {
    const [asked, lost]: [string[], string[]] = [[], []];
    const ask = steady(
      async (question) => {
        asked.push(question.method);
        return answer(question);
      },
      { pause: async () => Promise.resolve(), onLost: (text) => lost.push(text) },
    );
    return { ask, asked, lost };
  }

  it("gives the newer answer to whoever asked earlier and was answered later", async function () {
    const answers = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    const queue = answers.values();
    const { ask } = open(async () => queue.next().value?.promise);
    const [first, second] = [ask(NEWEST), ask(NEWEST)];
    answers[1]?.resolve("new");
    expect(await second).to.equal("new");
    answers[0]?.resolve("old");
    expect(await first).to.equal("new");
  });

  it("gives up at once what a node holds of a block that it no longer knows", async function () {
    const { ask, lost } = open(async ({ method }) =>
      method === "eth_getLogs" ? Promise.reject(UNKNOWN) : Promise.resolve(null),
    );
    const error = (await ask(LOGS).catch((reason: unknown) => reason)) as { code: number; cause: unknown };
    expect([error.code, error.cause]).to.deep.equal([-32601, UNKNOWN]);
    expect(lost).to.deep.equal([]);
  });

  it("lets be asked again what failed otherwise", async function () {
    const { ask } = open(async ({ method }) =>
      method === "eth_getLogs" ? Promise.reject(UNKNOWN) : Promise.resolve({ hash: HASH }),
    );
    expect(await ask(LOGS).catch((reason: unknown) => reason)).to.equal(UNKNOWN);
  });

  it("asks again for a block that a node knows a moment later", async function () {
    const answers = [null, null, { hash: HASH }].values();
    const { ask, asked, lost } = open(async () => Promise.resolve(answers.next().value));
    expect(await ask({ method: "eth_getBlockByHash", params: [HASH, false] })).to.deep.equal({ hash: HASH });
    expect([asked.length, lost]).to.deep.equal([3, []]);
  });

  it("says that a block is gone on the way back", async function () {
    const { ask, lost } = open(async () => Promise.resolve(null));
    expect(await ask({ method: "eth_getBlockByHash", params: [HASH, false] })).to.equal(null);
    expect(lost).to.deep.equal([`the block ${HASH} is gone`]);
  });

  it("passes everything else on", async function () {
    const { ask, asked } = open(async () => Promise.resolve("0x1"));
    for (const method of ["eth_chainId", "eth_getLogs", "eth_getBlockReceipts"]) {
      expect(await ask({ method, params: [method === "eth_getLogs" ? { fromBlock: "0x1" } : HASH] })).to.equal("0x1");
    }
    expect(asked.length).to.equal(3);
  });
});
