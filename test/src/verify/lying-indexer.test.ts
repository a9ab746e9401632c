import { expect } from "chai";
import fc from "fast-check";
import { toHex32 } from "../../../src/base/hex.ts";
import { findLineage } from "../../../src/registry/lineage/lineage-graph.ts";
import { readCandidateIndex } from "../../../src/registry/lineage/candidate-index.ts";
import { readRegistryIndex } from "../../../src/registry/lineage/read-index.ts";
import { openIndexer } from "../../../src/registry/indexer/indexer-client.ts";
import { type Registry, toCaip10 } from "../../../src/registry/registry.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { type Behaviour, MAX_BYTES, MISCONDUCT, TIMEOUT, behave } from "../../helpers/dishonest-indexer.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { Relation, digestOf, leanSubmission, tokenIdOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("an indexer that is not honest", function () {
  const temporary = useTemporaryFolder();

  async function deploy() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const write = async (name: string) =>
      temporary.write(name, { "README.md": name, "w.onnx_data": `weights ${name}` });
    const token = await write("token");
    await recordModel(deployed, { modelPath: token, statements: {} });
    const [anchored, revoked, absent] = [await write("anchored"), await write("revoked"), await write("absent")];
    const roots: string[] = [];
    for (const modelPath of [anchored, revoked]) {
      const submission = await prepareSubmission({ modelPath, statements: {} }, deployed);
      const other = { ...submission, modelDigest: digestOf(`beside ${modelPath}`) };
      roots.push((await anchorBatch([submission, other], deployed)).root);
    }
    await deployed.registry.contract.setAnchorStatus(roots[1] as string, deployed.minter, 2, "recalled");
    return { ...deployed, paths: { token, anchored, revoked, absent }, roots };
  }

  it("changes no verdict", async function () {
    this.timeout(240_000);
    const { paths, roots, registry, store } = await deploy();
    const honest = new Map<string, string>();
    const sources = { whole: store, empty: new MemoryStore() };
    for (const [name, modelPath] of Object.entries(paths)) {
      for (const [kind, source] of Object.entries(sources)) {
        const { verdict } = await verifyModel({ modelPath, registry, store: source });
        honest.set(`${name} ${kind}`, verdict);
      }
    }
    expect(new Set(honest.values())).to.include.members(["verified", "unacceptable", "not-registered", "unchecked"]);
    const place = toCaip10(registry);
    const batch = fc.record({
      registry: fc.constantFrom(place, place.toLowerCase(), "eip155:1:0x0000000000000000000000000000000000000001"),
      root: fc.oneof(fc.constantFrom(...roots), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(toHex32)),
      creator: fc.constantFrom("0x0000000000000000000000000000000000000001", "somebody"),
    });
    const behaviours: fc.Arbitrary<Behaviour> = fc.oneof(
      fc.record({
        kind: fc.constant("json" as const),
        value: fc.record({ batches: fc.array(batch, { maxLength: 4 }) }),
      }),
      fc.record({ kind: fc.constant("json" as const), value: fc.jsonValue() }),
      fc.record({ kind: fc.constantFrom(...MISCONDUCT) }),
    );
    const questions = fc.tuple(
      fc.constantFrom(...Object.keys(paths)),
      fc.constantFrom("whole" as const, "empty" as const),
    );
    await fc.assert(
      fc.asyncProperty(behaviours, questions, async (behaviour, [name, kind]) => {
        const taken = { bytes: 0 };
        const options = { fetch: behave(behaviour, taken), timeout: TIMEOUT, maxBytes: MAX_BYTES };
        const helped: Registry = { ...registry, indexer: openIndexer("http://indexer", options) };
        const modelPath = paths[name as keyof typeof paths];
        const { verdict } = await verifyModel({ modelPath, registry: helped, store: sources[kind] });
        expect(verdict).to.equal(honest.get(`${name} ${kind}`));
        expect(taken.bytes).to.be.at.most(2 * MAX_BYTES);
      }),
      { numRuns: 60 },
    );
  });

  it("adds nothing to a lineage, takes no ancestor away, and changes no fact in it", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const store = new MemoryStore();
    const line = [leanSubmission("0")];
    for (const seed of ["1", "2", "3"]) {
      const parents = [tokenIdOf(line.at(-1) as (typeof line)[0])];
      line.push(leanSubmission(seed, { relation: Relation.FineTune, parents }));
    }
    const strangers = [leanSubmission("stranger"), leanSubmission("another")];
    for (const submission of [...line, ...strangers]) await registry.contract.mintProvenanceNFT(minter, submission);
    const ids = line.map(tokenIdOf);
    const middle = ids[2] as bigint;
    const place = toCaip10(registry);
    const whole = { registry, index: await readRegistryIndex(registry) };
    const honest = await findLineage(whole, middle, { registries: [whole], store });
    const facts = [...(honest?.nodes.values() ?? [])].map(({ key, model }) => [key, model?.status, model?.parents]);
    const anyId = fc.oneof(
      fc.constantFrom(...ids, ...strangers.map(tokenIdOf)).map(toHex32),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(toHex32),
    );
    const links = fc.array(fc.record({ registry: fc.constant(place), child: anyId, parent: anyId }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(links, fc.boolean(), async (claimed, truncated) => {
        const answer = { links: claimed, truncated, endorsed: [] };
        const fake = behave({ kind: "json", value: answer }, { bytes: 0 });
        const helped: Registry = { ...registry, indexer: openIndexer("http://indexer", { fetch: fake }) };
        const found = await readCandidateIndex(helped, middle);
        expect(found?.gaps.length).to.equal(1);
        const known = { registry: helped, index: found?.index as NonNullable<typeof found>["index"] };
        const lineage = await findLineage(known, middle, { registries: [known], store });
        const nodes = [...(lineage?.nodes.values() ?? [])];
        for (const { key, model } of nodes) expect(facts).to.deep.include([key, model?.status, model?.parents]);
        expect(nodes.map(({ tokenId }) => tokenId)).to.include.members(ids.slice(0, 3));
      }),
      { numRuns: 40 },
    );
  });
});
