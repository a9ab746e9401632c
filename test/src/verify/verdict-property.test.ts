import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import fc from "fast-check";
import { openRegistry } from "../../../src/registry/registry.ts";
import { applyPolicy } from "../../../src/verify/policy/apply-policy.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { digestOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const CREATORS = ["alice", "bob", "curator"] as const;
type Creator = (typeof CREATORS)[number];

/** One record of the model, and what was said of it since. */
interface Recorded {
  readonly registry: 0 | 1;
  readonly kind: "token" | "batch";
  readonly creator: Creator;
  readonly status: "active" | "deprecated" | "revoked";
  /** Whether a curator set the status, and not the record's creator. */
  readonly byCurator: boolean;
}

/** What a verifier asks for. */
interface Question {
  readonly accepts?: readonly Creator[];
  readonly namesToken: boolean;
  readonly refusesDeprecated: boolean;
}

/**
 * The rules, written apart: among the records the one of the token that was asked for is judged, else the earliest that is
 * accepted, else the earliest; a curator's revocation counts wherever it stands, the judged creator's on any record of theirs.
 */
function expectedVerdict(records: readonly Recorded[], { accepts, namesToken, refusesDeprecated }: Question): string {
  const isAccepted = ({ creator }: Recorded) => accepts === undefined || accepts.includes(creator);
  const isCurators = (record: Recorded) =>
    record.status === "revoked" && (record.byCurator || record.creator === "curator");
  // Of batches by others than those named, only a curator's revocation is looked for.
  const seen = records.filter((record) => record.kind === "token" || isAccepted(record) || isCurators(record));
  const tokens = seen.filter(({ kind }) => kind === "token");
  const candidates = namesToken && tokens.length > 0 ? tokens : seen;
  const judged = candidates.find(isAccepted) ?? candidates[0];
  if (judged === undefined) return "not-registered";
  const revoked = seen.filter(({ status }) => status === "revoked");
  if (revoked.some((record) => isCurators(record) || record.creator === judged.creator)) return "unacceptable";
  if (!isAccepted(judged)) return "unacceptable";
  return refusesDeprecated && judged.status === "deprecated" ? "unacceptable" : "verified";
}

describe("the verdict over any set of records", function () {
  const temporary = useTemporaryFolder();

  async function deployTwo() {
    const deployed = await deployRegistry();
    const { admin, minter, curator, treasury, stranger, contract } = deployed;
    const second = await ethers.deployContract("ModelProvenanceNFT", ["B", "B", admin, minter, curator, treasury, 0n]);
    const registries = [deployed.registry, await openRegistry(ethers.provider, await second.getAddress(), minter)];
    for (const { contract: one } of registries) {
      const role = await contract.MINTER_ROLE();
      for (const account of [stranger, curator]) await one.connect(admin).grantRole(role, account);
    }
    return { ...deployed, registries };
  }

  it("is that of the rules: tokens, batches, two registries, statuses by creators, strangers and curators", async function () {
    this.timeout(240_000);
    const deployed = await networkHelpers.loadFixture(deployTwo);
    const { registries, minter, stranger, curator, store } = deployed;
    const accounts: Record<Creator, HardhatEthersSigner> = { alice: minter, bob: stranger, curator };
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.onnx_data": "weights" });
    const submission = await prepareSubmission({ modelPath, statements: {} }, deployed);
    const start = await networkHelpers.takeSnapshot();

    const record = async ({ registry: at, kind, creator, status, byCurator }: Recorded) => {
      const registry = registries[at] as (typeof registries)[0];
      const contract = registry.contract.connect(accounts[creator]);
      const by = registry.contract.connect(byCurator ? curator : accounts[creator]);
      const word = { active: undefined, deprecated: 1n, revoked: 2n }[status];
      if (kind === "token") {
        await contract.mintProvenanceNFT(accounts[creator], submission);
        if (word !== undefined) await by.setStatus(submission.modelDigest, word, `by ${creator}`);
      } else {
        const models = [{ ...submission, modelDigest: digestOf(`${creator} ${at}`) }, submission];
        const { root } = await anchorBatch(models, { registry, minter: accounts[creator], store });
        if (word !== undefined) await by.setAnchorStatus(root, accounts[creator], word, `by ${creator}`);
      }
      await networkHelpers.time.increase(100);
    };

    const recorded = fc.record<Recorded>({
      registry: fc.constantFrom(0, 1),
      kind: fc.constantFrom("token", "batch"),
      creator: fc.constantFrom(...CREATORS),
      status: fc.constantFrom("active", "active", "deprecated", "revoked"),
      byCurator: fc.boolean(),
    });
    // A registry holds one token of a digest, and each account anchors a root once.
    const slot = ({ registry, kind, creator }: Recorded) =>
      kind === "token" ? `${registry}` : `${registry} ${creator}`;
    const question = fc.record<Question>(
      {
        accepts: fc.subarray([...CREATORS], { minLength: 1, maxLength: 2 }),
        namesToken: fc.boolean(),
        refusesDeprecated: fc.boolean(),
      },
      { requiredKeys: ["namesToken", "refusesDeprecated"] },
    );
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(recorded, { selector: slot, maxLength: 5 }),
        fc.array(question, { minLength: 4, maxLength: 4 }),
        async (records, questions) => {
          await start.restore();
          for (const one of records) await record(one);
          for (const asked of questions) {
            const creators = asked.accepts?.map((name) => accounts[name].address);
            const request = {
              modelPath,
              registry: registries,
              store,
              ...(creators && { acceptance: { creators } }),
              ...(asked.namesToken && { tokenId: BigInt(submission.modelDigest) }),
            };
            const policy = {
              schemaVersion: "1.0" as const,
              ...(creators && { creators }),
              ...(asked.refusesDeprecated && { deprecated: "refuse" as const }),
            };
            const context = { registries, store, now: () => new Date() };
            const { verdict, reason } = await applyPolicy(await verifyModel(request), { policy }, context);
            expect(verdict, `${JSON.stringify(asked)}: ${reason}`).to.equal(expectedVerdict(records, asked));
            seen.add(verdict);
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(seen).to.include.members(["verified", "unacceptable", "not-registered"]);
  });
});
