import { ZERO_DIGEST } from "../../base/hex.ts";
import { checked, failed, type Finding, notDone } from "../findings.ts";
import { digestsOf } from "../statement.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN } from "./check.ts";

const WHOLE = "it is compared when a whole model is verified with the chain";

/** Training data at hand is what was recorded of it; what was not disclosed cannot be compared. */
export const dataset: Check = {
  name: "dataset",
  what: "the training data",
  ways: {
    digests: true,
    cid: true,
    files: WHOLE,
    proof: WHOLE,
    root: NOT_BY_ROOT,
    pack: WHOLE,
    lock: WHOLE,
    foreign: NOT_FOREIGN,
    agent: WHOLE,
    credential: WHOLE,
  },
  async *run({ judged, hashDataset }): AsyncGenerator<Finding> {
    const { datasetDigest } = judged.record;
    const isRecorded = datasetDigest !== ZERO_DIGEST;
    if (hashDataset === undefined) {
      yield notDone(isRecorded ? "DATASET_PATH names none to compare" : "the record does not disclose it");
      return;
    }
    const resources = await hashDataset();
    if (!isRecorded) {
      const reason = "The record does not disclose its training data: there is nothing to compare.";
      yield failed("refused", "the record discloses its training data", reason);
      return;
    }
    const isSame = digestsOf(resources).includes(BigInt(datasetDigest));
    const reason = "The training data is not the one that was recorded.";
    yield checked(isSame, "the training data is the recorded one", "differs", reason);
  },
};
