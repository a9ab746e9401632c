import { expect } from "chai";
import fc from "fast-check";
import { ProvenanceError } from "../../src/base/errors.ts";
import { exitCodeOf, exitCodeOfError } from "../../src/cli/exit-codes.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { verifyModel } from "../../src/verify/verify-model.ts";
import { networkHelpers, provider } from "../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { NODE_FAILURES, type NodeCall, type NodeFailure, connectHostileNode } from "./helpers/hostile-node.ts";

const SECRETS = /secret|\/key|c2VjcmV0/;
const UNCHECKED = 4;

describe("a verifier whose node fails", function () {
  this.timeout(5 * 60_000);
  const temporary = useTemporaryFolder();

  /** Models in every state, and the exit code of each with a node that is well. */
  async function prepare() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const { registry, minter, store } = deployed;
    const models: { name: string; modelPath: string; healthy: number }[] = [];
    const add = async (name: string, healthy: number) => {
      const modelPath = await temporary.write(name, { "a.safetensors": name, "config.json": "{}" });
      models.push({ name, modelPath, healthy });
      return modelPath;
    };
    await recordModel(deployed, { modelPath: await add("recorded", 0), statements: {} });
    const revoked = await recordModel(deployed, { modelPath: await add("revoked", 5), statements: {} });
    await registry.contract.connect(minter).setStatus(revoked, 2, "withdrawn");
    await add("unknown", 3);
    const verify = async (modelPath: string, failureOf: (call: NodeCall, count: number) => NodeFailure | undefined) => {
      const { calls, exitCode, texts } = await run();
      return { calls, exitCode, texts };

      async function run() {
        const asked: NodeCall[] = [];
        const healthy = async (method: string, params: readonly unknown[]) =>
          provider.request({ method, params: params as unknown[] });
        try {
          const node = await connectHostileNode(healthy, (call, count) => (asked.push(call), failureOf(call, count)));
          const opened = await openRegistry(node.provider, registry.address);
          const report = await verifyModel({ modelPath, registry: opened, store });
          return {
            calls: asked,
            exitCode: exitCodeOf(report.verdict),
            texts: JSON.stringify([report.reason, report.warnings, report.notChecked]),
          };
        } catch (error) {
          if (!(error instanceof ProvenanceError)) throw error;
          const causes = [
            error.message,
            String((error.cause as Error | undefined)?.message),
            JSON.stringify(error.cause),
          ];
          return { calls: asked, exitCode: exitCodeOfError(error.code), texts: causes.join("\n") };
        }
      }
    };
    return { models, verify };
  }

  it("says what it says with a node that is well, or that it could not check, whatever method fails in whatever way", async function () {
    const { models, verify } = await prepare();
    for (const { name, modelPath, healthy } of models) {
      const { calls, exitCode } = await verify(modelPath, () => undefined);
      expect(exitCode, name).to.equal(healthy);
      for (const method of new Set(calls.map((call) => call.method))) {
        for (const failure of NODE_FAILURES) {
          const result = await verify(modelPath, (call) => (call.method === method ? failure : undefined));
          const what = `${name}, ${method}: ${failure.name}`;
          expect(result.exitCode, `${what}\n${result.texts}`).to.be.oneOf([healthy, UNCHECKED]);
          expect(result.texts, what).to.not.match(SECRETS);
        }
      }
    }
  });

  it("does so where it fails at one request, or from one on", async function () {
    const { models, verify } = await prepare();
    const places = fc.record({
      model: fc.constantFrom(...models),
      failure: fc.constantFrom(...NODE_FAILURES),
      at: fc.integer({ min: 1, max: 24 }),
      forGood: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(places, async ({ model, failure, at, forGood }) => {
        const isBad = (count: number) => (forGood ? count >= at : count === at);
        const result = await verify(model.modelPath, (_, count) => (isBad(count) ? failure : undefined));
        expect(result.exitCode, result.texts).to.be.oneOf([model.healthy, UNCHECKED]);
        expect(result.texts).to.not.match(SECRETS);
      }),
      { numRuns: 300 },
    );
  });
});
