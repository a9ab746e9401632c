import { expect } from "chai";
import type { Registry } from "../../../src/registry/registry.ts";
import type { BlockSource } from "../../../src/content/content-store.ts";
import type { ProofFile } from "../../../src/verify/proof-file.ts";
import type { VerifyReport } from "../../../src/verify/report.ts";
import { verifyFiles } from "../../../src/verify/verify-files.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { verifyProof } from "../../../src/verify/verify-proof.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { digestOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const RECALL = "whether its batch was recalled";

describe("a token whose batch was recalled", function () {
  const temporary = useTemporaryFolder();

  async function mintFromBatch() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const { minter, registry, store } = deployed;
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.onnx_data": "weights" });
    const submission = await prepareSubmission({ modelPath, statements: {}, withCid: true }, deployed);
    const batch = await anchorBatch([{ ...submission, modelDigest: digestOf("a") }, submission], deployed);
    await registry.contract.mintAnchored(batch.root, minter, submission, batch.proofOf(1));
    const request = { modelPath, registry, store, tokenId: BigInt(submission.modelDigest) };
    const [proof] = (await verifyFiles({ ...request, only: ["w.onnx_data"] })).proofs as [ProofFile];
    const recall = async () => registry.contract.setAnchorStatus(batch.root, minter, 2n, "recalled");
    const verify = async (source: { registry: Registry; store: BlockSource }): Promise<[string, VerifyReport][]> => [
      ["digests", await verifyModel({ ...request, ...source })],
      ["cid", await verifyModel({ ...request, ...source, fast: true })],
      ["only", await verifyFiles({ ...request, ...source, only: ["w.onnx_data"] })],
      ["proof", await verifyProof({ modelPath, proof, trusted: source.registry, store: source.store })],
    ];
    return { registry, store, modelPath, proof, recall, verify };
  }

  it("is not acceptable, whichever way it is verified", async function () {
    const { registry, store, recall, verify } = await mintFromBatch();
    for (const [way, report] of await verify({ registry, store })) {
      expect(report.verdict, way).to.equal("verified");
      expect(skipped(report), way).to.not.include(RECALL);
    }
    await recall();
    const reports = await verify({ registry, store });
    for (const [way, { verdict, reason }] of reports) {
      expect(verdict, way).to.equal("unacceptable");
      expect(reason, way).to.match(
        /^The batch that the model was recorded in was revoked by 0x\w{40} on [-\d]{10}: "recalled"$/,
      );
    }
    expect(reports.map(([, { method }]) => method)).to.deep.equal(["digests", "cid", "proof", "proof"]);
  });

  it("is said not to have been looked at where the batches cannot be listed", async function () {
    const { registry, store, verify } = await mintFromBatch();
    for (const [way, report] of await verify({ registry: withoutBatches(registry), store })) {
      expect(report.verdict, way).to.equal("verified");
      expect(skipped(report), way).to.include(RECALL);
    }
  });

  it("is said not to have been looked at where its folder cannot be read", async function () {
    const { registry, modelPath, proof, recall } = await mintFromBatch();
    await recall();
    for (const source of [{}, { store: new MemoryStore() }]) {
      expect(skipped(await verifyProof({ modelPath, proof, trusted: registry, ...source }))).to.include(RECALL);
    }
  });
});

function skipped({ notChecked }: VerifyReport): string[] {
  return notChecked.map(({ what }) => what);
}

/** A registry behind a node that does not say which batches there are. */
function withoutBatches(registry: Registry): Registry {
  const queryFilter = async (filter: { fragment: { name: string } }, from: number, to: number) =>
    filter.fragment.name === "BatchAnchored"
      ? Promise.reject(new Error("too many logs"))
      : registry.contract.queryFilter(filter as never, from, to);
  const contract = new Proxy(registry.contract, {
    get: (target, key, receiver) =>
      key === "queryFilter" ? queryFilter : (Reflect.get(target, key, receiver) as unknown),
  });
  return { ...registry, contract };
}
