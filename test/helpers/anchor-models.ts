import { deployModelProvenance, fullSubmission, leanSubmission, networkHelpers } from "./deploy-model-provenance.ts";
import { anchorTree, digestOf } from "./submissions.ts";

const { time } = networkHelpers;

/** A registry with a batch of three that was anchored a while ago. */
export async function anchorModels() {
  const context = await deployModelProvenance();
  const submissions = [leanSubmission("a"), fullSubmission("b", { version: "1.0.0" }), leanSubmission("c")];
  const tree = anchorTree(submissions);
  const root = tree.root;
  const contentDigest = digestOf("directory");
  await context.asMinter.anchorBatch(root, contentDigest, submissions.length);
  const anchoredAt = BigInt(await time.latest());
  await time.increase(1_000);
  const [first, second] = submissions as [(typeof submissions)[0], (typeof submissions)[0]];
  const proofOf = (index: number) => tree.getProof(index);
  return { ...context, submissions, first, second, tree, root, contentDigest, anchoredAt, proofOf };
}
