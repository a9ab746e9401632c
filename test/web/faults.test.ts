import { expect } from "chai";
import type { Route } from "playwright-core";
import { HttpFault } from "../../src/base/http/http-fault.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import type { Block } from "../../src/content/cid.ts";
import { CID } from "multiformats/cid";
import { NODE_FAILURES, type NodeCall, type NodeFailure } from "../faults/helpers/hostile-node.ts";
import { type Behaviour, closeGateways, startGateway } from "../helpers/servers/gateway.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { type OpenedPage, useBrowser } from "../helpers/use-browser.ts";
import { setUpVerify } from "../helpers/verify-command.ts";

/** What a gateway does, and whether that is a lie: then it is named. */
const FAULTS: readonly [Behaviour, isLie: boolean][] = [
  ["wrong bytes", true],
  ["truncated", true],
  ["html", true],
  ["zeros", true],
  ["zeros announced", true],
  ["gzip bomb", true], // A browser unpacks it.
  ["cut off", false],
  ["reset", false],
  ["no blocks", false],
  [{ status: 404 }, false],
  [{ status: 429 }, false],
  [{ status: 503 }, false],
  [{ redirect: "http://127.0.0.1:9/" }, false],
];
// One of each kind that a browser meets in a way of its own; test/faults/hostile-nodes.test.ts tries them all.
const KINDS =
  /^(a web page with (200|403|503)|nothing|half an answer|another id|null|time out|calls answered with nothing)$/;

describe("the page, where others fail", function () {
  this.timeout(180_000);
  const tests = useBrowser();
  const temporary = useTemporaryFolder();

  afterEach(closeGateways);

  async function setUp() {
    const { registry, storePath, store: memory, record } = await setUpVerify(temporary);
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.safetensors": "weights" });
    await record({ modelPath, statements: { version: "1.0.0" } });
    const blocks: Block[] = [...memory.blocks].map(([text, bytes]) => ({ cid: CID.parse(text), bytes }));
    const { page, context } = await tests.open({ registries: [registry], store: new LocalStore(storePath) });
    return { page, context, modelPath, blocks };
  }

  it("verifies by the root that was emitted whatever the only gateway does, and names one that lies", async function () {
    const { page, modelPath, blocks } = await setUp();
    const gateway = await startGateway(blocks);
    const ask = async (gateways: readonly string[]) => {
      const kept = JSON.stringify({ registries: [], gateways });
      await page.evaluate(`localStorage.setItem("model-provenance", ${JSON.stringify(kept)})`);
      await page.reload();
      return verify(page, modelPath);
    };
    expect(await ask([gateway.url])).to.match(/^Verified/);
    expect(gateway.requests).to.not.have.length(0);
    for (const [behaviour, isLie] of FAULTS) {
      gateway.behave(behaviour);
      expect(await ask([gateway.url]), JSON.stringify(behaviour)).to.match(/^Verified/);
      const text = (await page.locator("main").textContent()) ?? "";
      expect(/answers with (other bytes|more than)/.test(text), JSON.stringify(behaviour)).to.equal(isLie);
    }
    const good = await startGateway(blocks);
    for (const behaviour of ["hang", "hang in the middle", "trickle", "wrong bytes"] as const) {
      gateway.behave(behaviour);
      expect(await ask([gateway.url, good.url]), behaviour).to.match(/^Verified/);
      await page.getByText("1.0.0").first().waitFor();
    }
  });

  it("never says anything else than with a node that is well, or that it could not be checked", async function () {
    const { page, context, modelPath } = await setUp();
    let failure: NodeFailure | undefined;
    let methods: ReadonlySet<string> = new Set();
    await context.route(/\/rpc\/0$/, async (route) => {
      const call = route.request().postDataJSON() as NodeCall;
      if (failure === undefined || !methods.has(call.method)) return route.continue();
      return fail(route, call, failure);
    });
    for (const one of NODE_FAILURES.filter(({ name }) => KINDS.test(name))) {
      for (const method of ["eth_call", "eth_getLogs"]) {
        [failure, methods] = [one, new Set([method])];
        await page.reload();
        expect(await verify(page, modelPath), `${one.name}, ${method}`).to.match(/^(Verified|.*could not be checked)/i);
      }
    }
    failure = undefined;
    await page.reload();
    expect(await verify(page, modelPath)).to.match(/^Verified/);
  });
});

/** Verifies in the page, and reads the heading of what it says first. */
async function verify(page: OpenedPage["page"], path: string): Promise<string> {
  await page.locator("input[type=file]").first().setInputFiles(path);
  return (await page.locator(".banner h2").first().textContent()) ?? "";
}

async function fail(route: Route, call: NodeCall, { answer }: NodeFailure): Promise<void> {
  try {
    const healthy = async () => (await (await route.fetch()).json()) as object;
    const { status, headers, body } = await answer(call, healthy);
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    await route.fulfill({ status, headers: Object.fromEntries(headers), body: Buffer.concat(parts) });
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    await route.abort("connectionreset");
  }
}
