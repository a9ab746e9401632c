import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { network } from "hardhat";
import {
  anchorTree,
  digestOf,
  fullSubmission,
  leanSubmission,
  Relation,
  tokenIdOf,
} from "../../test/helpers/submissions.ts";

/** A connection to the in-process chain. */
export type Connection = Awaited<ReturnType<typeof network.create>>;

type Accounts = [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];

/** Gas used, by what was done. */
export type GasReport = Record<
  | "guide"
  | "bare"
  | "full"
  | "lean"
  | "child"
  | "batch100PerModel"
  | "anchor1000"
  | "mintAnchored"
  | "tokenURI"
  | "setStatus"
  | "getStatus"
  | "transfer"
  | "ozTransfer",
  number
>;

// What the guide's contract is given: a 64-character checksum, a framework, a 59-character CID, a metric, and a
// 66-character URI. The bare contract is given the same URI.
const CHECKSUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const DATASET_CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
const URI = "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

/** Measures every operation as a transaction of its own: always the second one for the same receiver. */
export async function measureGas({ ethers }: Connection): Promise<GasReport> {
  const [admin, minter, receiver] = (await ethers.getSigners()) as Accounts;

  const guide = await ethers.deployContract("GuideProvenanceNFT", [admin]);
  const bare = await ethers.deployContract("BareURIStorageNFT", [admin]);
  const registry = await ethers.deployContract("ModelProvenanceNFT", [
    "Model Provenance",
    "MODEL",
    admin,
    minter,
    ethers.ZeroAddress,
    admin,
    500,
  ]);
  const mint = (submission: ReturnType<typeof leanSubmission>) =>
    registry.connect(minter).mintProvenanceNFT(receiver, submission);
  const provenance = {
    checksum: CHECKSUM,
    framework: "PyTorch v2.1.0",
    datasetCid: DATASET_CID,
    metrics: "accuracy=0.9312",
  };

  await guide.mint(receiver, provenance, URI);
  await bare.mint(receiver, URI);
  await mint(fullSubmission("first"));

  const lean = leanSubmission("third");
  const batch = Array.from({ length: 1_000 }, (_, index) => leanSubmission(`anchored ${index.toString()}`));
  const tree = anchorTree(batch);
  const models = Array.from({ length: 100 }, (_, index) => leanSubmission(`batch ${index.toString()}`));
  const plain = await ethers.deployContract("PlainERC721");
  for (const id of [1, 2]) await plain.mint(admin, id);
  for (const id of [3, 4]) await plain.mint(receiver, id);

  const report: Omit<GasReport, "setStatus" | "getStatus" | "transfer" | "ozTransfer"> = {
    guide: await gasOf(guide.mint(receiver, provenance, URI)),
    bare: await gasOf(bare.mint(receiver, URI)),
    full: await gasOf(mint(fullSubmission("second"))),
    lean: await gasOf(mint(lean)),
    child: await gasOf(mint(leanSubmission("child", { relation: Relation.FineTune, parents: [tokenIdOf(lean)] }))),
    batch100PerModel: (await gasOf(registry.connect(minter).mintBatch(receiver, models))) / models.length,
    anchor1000: await gasOf(registry.connect(minter).anchorBatch(tree.root, digestOf("directory"), batch.length)),
    mintAnchored: await gasOf(
      registry.connect(minter).mintAnchored(tree.root, receiver, batch[0] ?? lean, tree.getProof(0)),
    ),
    tokenURI: Number(await registry.tokenURI.estimateGas(tokenIdOf(lean))),
  };

  // Both accounts hold more than the token that moves, before and after.
  await registry.connect(minter).mintBatch(admin, [leanSubmission("kept"), leanSubmission("kept too")]);
  return {
    ...report,
    // The first status of a model, with a reason of one word; a later one writes nothing new.
    setStatus: await gasOf(registry.connect(minter).setStatus(tokenIdOf(batch[0] ?? lean), 1, "x".repeat(31))),
    getStatus: Number(await registry.getStatus.estimateGas(tokenIdOf(batch[0] ?? lean))),
    transfer: await gasOf(registry.connect(receiver).transferFrom(receiver, admin, tokenIdOf(lean))),
    ozTransfer: await gasOf(plain.connect(receiver).transferFrom(receiver, admin, 3)),
  };
}

/** Gas that a transaction used. */
export async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("The transaction was not mined");
  return Number(receipt.gasUsed);
}
