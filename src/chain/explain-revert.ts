import type { ErrorDescription } from "ethers";

type Args = ErrorDescription["args"];

const moment = (seconds: unknown) => new Date(Number(seconds) * 1000).toISOString();

/** What a refusal means for whoever sent the call, and what to do. */
const EXPLANATIONS: Record<string, (args: Args) => string> = {
  AccessControlUnauthorizedAccount: ([account]) =>
    `the account ${account} does not have the role this needs. Ask the registry's admin to grant it.`,
  ERC721InvalidReceiver: () => "the receiver is a contract that does not take such tokens. Choose another MINT_TO.",
  ERC721NonexistentToken: () => "there is no such token in this registry.",
  ERC2981InvalidTokenRoyaltyReceiver: () => "a royalty needs a receiver.",
  ModelProvenanceDuplicateModel: () => "exactly these bytes are minted already.",
  ModelProvenanceUnknownParent: () => "a parent is not in this registry. Mint it first, or name it in BASE_MODELS.",
  ModelProvenanceRevokedParent: () => "a parent was revoked, so nothing new may be built on it.",
  ModelProvenanceParentTooYoung: ([, parentMintedAt, mintedAt]) =>
    `a parent was recorded at ${moment(parentMintedAt)}, after this model (${moment(mintedAt)}).`,
  ModelProvenanceUnauthorizedVersion: () =>
    "only the parent's creator or owner may mint its next version. RELATION=fine-tune says that others built on it.",
  ModelProvenanceRoyaltyTooHigh: ([basisPoints, maximum]) =>
    `the royalty of ${basisPoints} basis points is above what is allowed, ${maximum}. A token's own rate only falls.`,
  ModelProvenanceUnauthorizedCreator: ([account]) => `the account ${account} is not the creator of the model.`,
  ModelProvenanceUnauthorizedOwner: ([account]) => `the account ${account} does not own the token.`,
  ModelProvenanceUnauthorizedStatusChange: ([account]) =>
    `the account ${account} may not give the model this status: owner, creator and curators deprecate, creator and curators revoke.`,
  ModelProvenanceRevokedModel: () => "the model is revoked, and that is final.",
  ModelProvenanceHeldByCurator: () => "a curator deprecated the model, so only a curator lifts that.",
  ModelProvenanceInvalidChild: () => "a child is named by chain and registry, and neither may be zero.",
  ModelProvenanceNotAParent: () => "the child is in this registry and does not name this parent.",
  ModelProvenanceNotEndorsed: () => "there is no endorsement to withdraw.",
  ModelProvenanceInvalidGrant: () => "a grant needs an account, and an end in the future.",
  ModelProvenanceExpiredVoucher: ([deadline]) =>
    `the voucher expired at ${moment(deadline)}. Ask its signer for another.`,
  ModelProvenanceCancelledVoucher: ([signer]) => `${signer} cancelled the voucher. Ask for another.`,
  ModelProvenanceInvalidSignature: () => "the signature is none of this voucher in this registry.",
  ModelProvenanceDuplicateAnchor: () => "this account anchored this batch before.",
  ModelProvenanceUnknownAnchor: ([, creator]) => `the account ${creator} anchored no such batch.`,
  ModelProvenanceInvalidProof: () => "the proof does not lead from this submission to the root of the batch.",
  ModelProvenanceUnauthorizedAnchorChange: ([account]) =>
    `the account ${account} may not give the batch this status: only its creator and curators may.`,
  ModelProvenanceRevokedAnchor: () => "the batch is revoked, and that is final.",
  ModelProvenanceAnchorHeldByCurator: () => "a curator deprecated the batch, so only a curator lifts that.",
  RoyaltySplitterInvalidLength: ([, , maximum]) =>
    `there must be one share for each payee, and at most ${maximum} payees.`,
  RoyaltySplitterInvalidShare: ([payee, , maximum]) =>
    `the payee ${payee} is zero, named twice, or its share is not between 1 and ${maximum}.`,
  RoyaltySplitterUnknownPayee: ([account]) => `the account ${account} has no share in the splitter.`,
  RoyaltySplitterNothingDue: ([, payee]) => `nothing is due to ${payee} now.`,
  FailedDeployment: () => "there is a splitter with these payees, shares and salt already.",
};

/** Says what a custom error of the contracts means. */
export function explainRevert({ name, args }: ErrorDescription): string {
  return EXPLANATIONS[name]?.(args) ?? "the call breaks one of its rules.";
}
