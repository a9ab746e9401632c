import { inspect } from "node:util";
import { expect } from "chai";
import { SigningKey, computeAddress, concat, id, sha256 } from "ethers";
import fc from "fast-check";
import { ProvenanceError } from "../../src/base/errors.ts";
import { exitCodeOf, exitCodeOfError } from "../../src/cli/exit-codes.ts";
import type { Metadata } from "../../src/metadata/schema.ts";
import { hashProvenance } from "../../src/metadata/signature.ts";
import { type Registry, openRegistry } from "../../src/registry/registry.ts";
import { verifyForeign } from "../../src/verify/foreign/verify-foreign.ts";
import { applyPolicy } from "../../src/verify/policy/apply-policy.ts";
import { verifyModel } from "../../src/verify/verify-model.ts";
import { ethers, networkHelpers, provider } from "../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { NODE_FAILURES, type NodeCall, type NodeFailure, connectHostileNode } from "./helpers/hostile-node.ts";

const SECRETS = /secret|\/key|c2VjcmV0/;
const UNCHECKED = 4;
const WALLET_OWNER = new SigningKey(id("the owner of a wallet"));
const POLICY = { schemaVersion: "1.0", signature: "required", minimumConfirmations: 1 } as const;

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
      return { modelPath, statements: {} };
    };
    const domain = { chainId: registry.chainId, registry: registry.address };
    const signedBy = (sign: (hash: string) => string) => (metadata: Metadata) => {
      const value = sign(hashProvenance(metadata.provenance, domain));
      return { ...metadata, signature: { ...metadata.signature, value } };
    };
    await recordModel(deployed, await add("recorded", 0));
    const revoked = await recordModel(deployed, await add("revoked", 5));
    await registry.contract.connect(minter).setStatus(revoked, 2, "withdrawn");
    await add("unknown", 3);
    // The creator's account has the code of a wallet, whose owner signs: a node must be asked.
    const metadata = signedBy((hash) => WALLET_OWNER.sign(hash).serialized);
    await recordModel(deployed, await add("signed by a wallet", 0), { metadata });
    await recordModel(deployed, await add("not signed", 5), { metadata: signedBy(() => "0x1234") });
    const owner = computeAddress(WALLET_OWNER.publicKey);
    const wallet = await (await ethers.deployContract("WalletMock", [owner])).getAddress();
    await networkHelpers.setCode(minter.address, concat(["0xef0100", wallet]));
    return {
      models,
      verify: async (modelPath: string, failureOf: FailureOf) => verifyOver({ registry, store, modelPath }, failureOf),
    };
  }

  it("says what it says with a node that is well, or that it could not check, whatever method fails in whatever way", async function () {
    const { models, verify } = await prepare();
    const methods = new Set<string>();
    for (const { name, modelPath, healthy } of models) {
      const { calls, exitCode } = await verify(modelPath, () => undefined);
      expect(exitCode, name).to.equal(healthy);
      for (const { method } of calls) methods.add(method);
    }
    let turn = 0;
    for (const method of methods) {
      for (const failure of NODE_FAILURES) {
        // What a contract says is told by calls; of the other methods each failure meets one model in turn.
        const met = method === "eth_call" ? models : [models[turn++ % models.length] as (typeof models)[number]];
        for (const { name, modelPath, healthy } of met) {
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

  it("does so for a token of somebody else's contract, with its owner or not at all", async function () {
    const modelPath = await temporary.write("foreign", { "model.bin": "weights" });
    const hash = sha256(Buffer.from("weights"));
    const metadata = JSON.stringify({ attributes: [{ trait_type: "hash", value: hash }] });
    const account = (await ethers.getSigners())[0]?.address as string;
    const token = await ethers.deployContract("BareURIStorageNFT", [account]);
    await token.mint(account, `data:application/json;base64,${Buffer.from(metadata).toString("base64")}`);
    const contract = await token.getAddress();
    const verify = async (failureOf: FailureOf) => {
      try {
        const node = await connectHostileNode(askChain, failureOf);
        const store = new MemoryStore();
        const foreign = { modelPath: `${modelPath}/model.bin`, provider: node.provider, contract, tokenId: 0n, store };
        const { verdict, warnings } = await verifyForeign(foreign);
        const isOwnerKnown = warnings.some((text) => text.includes(`owned by ${account}`));
        return verdict === "verified" && !isOwnerKnown ? "without its owner" : exitCodeOf(verdict);
      } catch (error) {
        if (error instanceof ProvenanceError) return exitCodeOfError(error.code);
        throw error;
      }
    };
    expect(await verify(() => undefined)).to.equal(0);
    for (const failure of NODE_FAILURES.filter(({ name }) => name !== "calls answered with nothing")) {
      for (const at of [1, 2, 3, 4]) {
        const exitCode = await verify((_, count) => (count === at ? failure : undefined));
        expect(exitCode, `${failure.name} at ${at}`).to.be.oneOf([0, UNCHECKED]);
      }
    }
  });
});

type FailureOf = (call: NodeCall, count: number) => NodeFailure | undefined;

/** A node that is well. */
async function askChain(method: string, params: readonly unknown[]): Promise<unknown> {
  return provider.request({ method, params: [...params] });
}

/** Verifies as a gate does, and tells how it ends, what it asked, and all that it could print. */
async function verifyOver(
  { registry, store, modelPath }: { registry: Registry; store: MemoryStore; modelPath: string },
  failureOf: FailureOf,
): Promise<{ calls: readonly NodeCall[]; exitCode: number; texts: string }> {
  const calls: NodeCall[] = [];
  try {
    const node = await connectHostileNode(askChain, (call, count) => (calls.push(call), failureOf(call, count)));
    const registries = [await openRegistry(node.provider, registry.address)];
    const verified = await verifyModel({ modelPath, registry: registries, store });
    const report = await applyPolicy(verified, { policy: POLICY }, { registries, store, now: () => new Date() });
    const texts = JSON.stringify([report.reason, report.warnings, report.notChecked]);
    return { calls, exitCode: exitCodeOf(report.verdict), texts };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { calls, exitCode: exitCodeOfError(error.code), texts: inspect(error, { depth: 9, showHidden: true }) };
  }
}
