import { expect } from "chai";
import fc from "fast-check";
import { type ModelSubmission, hashSubmission } from "../../../src/registry/submission.ts";
import { arbitrarySubmission } from "../../helpers/model-submissions.ts";
import { hashSubmission as hashByEthers } from "../../helpers/submissions.ts";

describe("hashSubmission", function () {
  it("gives what ethers' encoder gives", function () {
    fc.assert(
      fc.property(arbitrarySubmission, (submission) => {
        expect(hashSubmission(submission)).to.equal(hashByEthers(submission));
      }),
    );
  });

  it("refuses what does not fit its field", function () {
    const [submission] = fc.sample(arbitrarySubmission, 1) as [ModelSubmission];
    for (const wrong of [
      { modelDigest: "0x12" },
      { weightsDigest: `0x${"zz".repeat(32)}` },
      { relation: 256 },
      { relation: -1 },
      { parents: [2n ** 256n] },
      { license: "half \ud800" },
      { royaltyReceiver: "0x12" },
    ]) {
      expect(() => hashSubmission({ ...submission, ...wrong }), JSON.stringify(Object.keys(wrong))).to.throw();
    }
  });
});
