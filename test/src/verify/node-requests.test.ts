import { expect } from "chai";
import fc from "fast-check";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { type JsonRpcNodeOptions, JsonRpcNode } from "../../../src/base/node/json-rpc-node.ts";
import { NodeProvider } from "../../../src/base/node/node-provider.ts";
import { exitCodeOf, exitCodeOfError } from "../../../src/cli/exit-codes.ts";
import { openRegistry } from "../../../src/registry/registry.ts";
import { applyPolicy } from "../../../src/verify/policy/apply-policy.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { type RpcAnswer, type RpcProxy, startRpcProxy } from "../../faults/helpers/rpc-proxy.ts";
import { recordModel } from "../../helpers/recorded-model.ts";
import { serveRegistry } from "../../helpers/served-registry.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const CHAIN_ID = 1337n;
/** What nodes answer that do not do what they are asked: by their codes and words. */
const FAILURES: Record<string, RpcAnswer> = {
  limited: { error: { code: -32005, message: "daily request count exceeded, request rate limited" } },
  pruned: { error: { code: -32000, message: "missing trie node 8a2b2f (path ) state 0x8a is not available" } },
  behind: { error: { code: -32000, message: "header not found" } },
  internal: { error: { code: -32603, message: "internal error" } },
  unsupported: { error: { code: -32601, message: "the method does not exist/is not available" } },
  timeout: { error: { code: -32000, message: "execution timeout" } },
  null: { result: null },
  text: { result: "0xzz" },
  list: { result: [{}] },
};

describe("verify over a node", function () {
  this.timeout(120_000);
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let proxy: RpcProxy;
  let story = 0;

  before(async function () {
    served = await serveRegistry(Number(CHAIN_ID));
    proxy = await startRpcProxy(served.url);
  });
  afterEach(function () {
    proxy.intercept = undefined;
  });
  after(async function () {
    await proxy.close();
    await served.close();
  });

  /** Records three models, as a gate may meet them, and one that nobody recorded. */
  async function record() {
    story++;
    const { registry, store } = served;
    const [minter, stranger] = await Promise.all(
      [0, 1].map(async (i) => (registry.provider as never as Accounts).getSigner(i)),
    );
    const paths: Record<string, string> = {};
    for (const name of ["sound", "revoked", "unknown"]) {
      paths[name] = await temporary.write(name, { "config.json": `${name} ${story}`, "w.onnx_data": "weights" });
      if (name === "unknown") continue;
      const tokenId = await recordModel(
        { registry, minter: minter as never, store },
        { modelPath: paths[name], statements: {} },
      );
      if (name === "revoked") await registry.contract.setStatus(tokenId, 2n, "poisoned");
    }
    return { paths, creator: (await minter?.getAddress()) as string, other: (await stranger?.getAddress()) as string };
  }

  /** Verifies as the command does, and says how it would end. */
  async function verify(
    modelPath: string,
    creators: readonly string[],
    options: JsonRpcNodeOptions = {},
  ): Promise<number> {
    const node = new JsonRpcNode(proxy.url, { wait: async () => undefined, ...options });
    const provider = new NodeProvider(node, CHAIN_ID);
    try {
      const registry = await openRegistry(provider, served.registry.address);
      const report = await verifyModel({ modelPath, registry, store: served.store, acceptance: { creators } });
      const context = { registries: [registry], store: served.store, now: () => new Date() };
      return exitCodeOf((await applyPolicy(report, { creators }, context)).verdict);
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      return exitCodeOfError(error.code);
    } finally {
      provider.destroy();
    }
  }

  it("asks fewer than 14 times for a model whose registry has no batches", async function () {
    const { paths, creator } = await record();
    const before = proxy.calls.length;
    expect(await verify(paths["sound"] as string, [creator])).to.equal(0);
    const methods = proxy.calls.slice(before).map(({ method }) => method);
    expect(methods, methods.join()).to.have.length.below(14);
  });

  it("ends as over a healthy node, or with 4, whichever call fails in whatever way", async function () {
    const { paths, creator, other } = await record();
    const healthy: [string, string, number][] = [
      ["sound", creator, 0],
      ["sound", other, 5],
      ["revoked", creator, 5],
      ["unknown", creator, 3],
    ];
    for (const [name, account, exitCode] of healthy) {
      expect(await verify(paths[name] as string, [account])).to.equal(exitCode);
    }
    const known = Object.keys(FAILURES);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...healthy),
        fc.constantFrom(...known),
        fc.nat(13),
        fc.boolean(),
        async ([name, account, exitCode], failure, at, forGood) => {
          let calls = 0;
          proxy.intercept = async (_, forward) => {
            const isFailing = forGood ? calls >= at : calls === at;
            calls++;
            return isFailing ? (FAILURES[failure] as RpcAnswer) : forward();
          };
          const seen = await verify(paths[name] as string, [account], { attempts: 2, maxWait: 10 });
          proxy.intercept = undefined;
          expect([exitCode, 4], `${name}, ${failure} from call ${at}${forGood ? " on" : ""}`).to.include(seen);
        },
      ),
      { numRuns: 150 },
    );
  });
});

interface Accounts {
  readonly getSigner: (index: number) => Promise<{ readonly getAddress: () => Promise<string> }>;
}
