import { expect } from "chai";
import { verifyManifestProof } from "../../../src/model/manifest-tree.ts";
import { type ProofFile, parseProofFile } from "../../../src/verify/proof-file.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { resourceOf } from "../../helpers/resources.ts";
import { type PatchOperation, applyPatch, readVectorFile, readVectors } from "../../helpers/vectors.ts";

const parse = (value: unknown) => parseProofFile(Buffer.from(JSON.stringify(value)));

describe("vectors of proof files", function () {
  for (const { description, proof, content } of readVectors<{ proof: ProofFile; content: string }>(
    "valid",
    "proof-file",
  )) {
    it(`accepts ${description}`, function () {
      const parsed = parse(proof);
      expect(parsed).to.deep.equal(proof);
      expect(parsed.resource).to.deep.equal(resourceOf(parsed.resource.name, content));
      expect(verifyManifestProof(parsed.manifestRoot, parsed.resource, parsed.proof)).to.equal(true);
    });
  }

  const { base } = readVectorFile("invalid", "proof-file") as { base: ProofFile };
  const invalid = readVectors<{ fault: "form" | "forged"; patch: PatchOperation[] }>("invalid", "proof-file");
  for (const { description, fault, patch } of invalid) {
    it(`refuses ${description}`, async function () {
      const changed = applyPatch(base, patch);
      expect(await errorCode(() => parse(changed))).to.equal(fault === "form" ? "PROOF_INVALID" : "no error");
      if (fault === "form") return;
      const { manifestRoot, resource, proof } = parse(changed);
      expect(verifyManifestProof(manifestRoot, resource, proof)).to.equal(false);
    });
  }
});
