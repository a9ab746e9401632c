import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { fullSubmission, leanSubmission, Relation, type Submission, tokenIdOf } from "./submissions.ts";

export { fullSubmission, leanSubmission };

/** One in-process chain for all the contract tests; `loadFixture` takes it back to where it was. */
export const { ethers, networkHelpers, provider } = await network.create();

/** Basis points of the default royalty of the fixture's registry. */
export const DEFAULT_ROYALTY = 500n;

type Accounts = [
  deployer: HardhatEthersSigner,
  admin: HardhatEthersSigner,
  minter: HardhatEthersSigner,
  curator: HardhatEthersSigner,
  treasury: HardhatEthersSigner,
  owner: HardhatEthersSigner,
  stranger: HardhatEthersSigner,
];

/** A registry with one account for every role, and nothing recorded. */
export async function deployModelProvenance() {
  const [deployer, admin, minter, curator, treasury, owner, stranger] = (await ethers.getSigners()) as Accounts;
  const registry = await ethers.deployContract("ModelProvenanceNFT", [
    "Model Provenance",
    "MODEL",
    admin,
    minter,
    curator,
    treasury,
    DEFAULT_ROYALTY,
  ]);
  const MINTER_ROLE = await registry.MINTER_ROLE();
  const CURATOR_ROLE = await registry.CURATOR_ROLE();
  return {
    registry,
    asMinter: registry.connect(minter),
    deployer,
    admin,
    minter,
    curator,
    treasury,
    owner,
    stranger,
    MINTER_ROLE,
    CURATOR_ROLE,
  };
}

/** The same with one model, and submissions that name it as their parent. */
export async function mintParent() {
  const context = await deployModelProvenance();
  const parent = leanSubmission("parent");
  await context.asMinter.mintProvenanceNFT(context.owner, parent);
  const childOf = (overrides: Partial<Submission> = {}) =>
    leanSubmission("child", { relation: Relation.FineTune, parents: [tokenIdOf(parent)], ...overrides });
  return { ...context, parent, parentId: tokenIdOf(parent), childOf };
}
