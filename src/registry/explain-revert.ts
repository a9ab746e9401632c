import type { ErrorDescription } from "ethers";
import { toHex32 } from "../base/hex.ts";

type Values = ErrorDescription["args"];

const id = (value: unknown) => toHex32(BigInt(value as bigint));
const time = (seconds: unknown) => new Date(Number(seconds) * 1000).toISOString();

/** What each error of the contracts means to the one who called it, and what to do. */
const REASONS: Readonly<Record<string, (values: Values) => string>> = {
  AccessControlUnauthorizedAccount: ([account]) =>
    `the account ${account} does not have the role this needs. Ask the registry's admin to grant it.`,
  AccessControlBadConfirmation: () => "an account can renounce its own roles only.",
  AccessControlEnforcedDefaultAdminDelay: ([schedule]) =>
    `the administration can be handed over from ${time(schedule)} on. Try again then.`,
  AccessControlEnforcedDefaultAdminRules: () => "the administration is handed over in two steps, not granted.",
  AccessControlInvalidDefaultAdmin: ([admin]) =>
    `${admin} cannot be the admin: accept from the account that was named.`,
  ERC2981InvalidDefaultRoyalty: ([numerator, denominator]) =>
    `a royalty of ${numerator} in ${denominator} is too high.`,
  ERC2981InvalidDefaultRoyaltyReceiver: ([receiver]) => `${receiver} cannot receive royalties.`,
  ERC2981InvalidTokenRoyalty: ([, numerator, denominator]) =>
    `a royalty of ${numerator} in ${denominator} is too high.`,
  ERC2981InvalidTokenRoyaltyReceiver: ([, receiver]) => `${receiver} cannot receive royalties.`,
  ERC721IncorrectOwner: ([, tokenId, owner]) => `the token ${id(tokenId)} belongs to ${owner}.`,
  ERC721InsufficientApproval: ([operator, tokenId]) => `${operator} may not move the token ${id(tokenId)}.`,
  ERC721InvalidReceiver: ([receiver]) =>
    `the receiver ${receiver} is a contract that does not take such tokens. Choose another MINT_TO.`,
  ERC721NonexistentToken: ([tokenId]) => `there is no token ${id(tokenId)}. Check the id and the registry.`,
  InvalidShortString: () => "a short text in the record cannot be read.",
  StringTooLong: ([text]) => `the text ${String(text)} has more than 31 bytes. Shorten it.`,
  ERC20InsufficientAllowance: ([spender, allowance, needed]) =>
    `${spender} may take ${allowance} of the ${needed} units of the token that are asked for.`,
  ERC20InsufficientBalance: ([sender, balance, needed]) =>
    `${sender} has ${balance} units of the token, and needs ${needed}.`,
  LicenseMarketUnauthorizedSeller: ([account, seller]) =>
    `${account} is not the seller of the offer: that is ${seller}.`,
  LicenseMarketUnauthorizedAccount: ([account, , tokenId]) =>
    `${account} may not do this with ${id(tokenId)}: ask its owner, or its creator.`,
  LicenseMarketInvalidSignature: () => "the offer does not carry its seller's signature. Get it again from its seller.",
  LicenseMarketCancelledOffer: () => "the seller cancelled the offer.",
  LicenseMarketOpenOffer: () => "the offer is listed already.",
  LicenseMarketExpiredOffer: ([, deadline]) => `the offer ended at ${time(deadline)}.`,
  LicenseMarketSellerNotOwner: ([, seller, owner]) => `the seller ${seller} does not own the model: that is ${owner}.`,
  LicenseMarketRevokedModel: ([, tokenId]) => `the model ${id(tokenId)} is revoked, so nothing is sold of it.`,
  LicenseMarketSoldOut: ([, limit]) => `all ${limit} licences of the offer are sold.`,
  LicenseMarketWrongPayment: ([value, expected]) => `${value} wei were sent, and ${expected} are asked for.`,
  LicenseMarketWrongDuration: ([, expected]) =>
    Number(expected) === 0
      ? "the licence never ends, so it is not renewed."
      : `a licence is renewed for ${expected} seconds at a time.`,
  LicenseMarketRenewedTooEarly: ([, expires]) =>
    `the licence is paid until ${time(expires)}, and at most one duration is paid ahead. Renew it later.`,
  LicenseMarketInvalidShares: ([parents, shares]) =>
    `the model has ${parents} recorded parents, and ${shares} shares were given. Give each of at most 16 parents one.`,
  LicenseMarketSharesTooHigh: ([total, maximum]) =>
    `${total} basis points are more than the ${maximum} that are allowed.`,
  LicenseMarketLoweredShare: ([parentId, basisPoints, present]) =>
    `the share of ${id(parentId)} is ${present} basis points, and is not lowered to ${basisPoints} once licences were offered.`,
  LicenseMarketShareTooLow: ([parentId, basisPoints, minimum]) =>
    `the parent ${id(parentId)} asks for ${minimum} basis points, and has ${basisPoints}. Set them with revenue upstream.`,
  LicenseMarketNothingEarned: () => "the offer brought nothing since it was settled.",
  LicenseMarketNothingToSettle: () => "there is nothing to settle.",
  LicenseMarketEmptyTill: ([till]) => `there is nothing in the till ${till}.`,
  LicenseMarketNothingToWithdraw: ([account]) => `there is nothing of this currency for ${account}.`,
  ModelProvenanceMissingDigest: () => "neither the digest of the model nor that of its metadata may be zero.",
  ModelProvenanceDuplicateModel: ([digest]) => `exactly these bytes are minted already, as token ${digest}.`,
  ModelProvenanceTextTooLong: ([length, maximum]) =>
    `a text has ${length} bytes, more than ${maximum}. Shorten licence, framework, version, metrics or reason.`,
  ModelProvenanceInvalidText: () => "the reason is not UTF-8.",
  ModelProvenanceUnusualEncoding: () =>
    "the submission is not encoded as abi.encode does it. Use this package to send it.",
  ModelProvenanceBaseWithParents: () => "a base model has no parents. Set RELATION to how it came from them.",
  ModelProvenanceVersionWithoutParent: () => "a version names the one before it. Set PARENT_MODEL.",
  ModelProvenanceTooManyParents: ([count, maximum]) => `${count} parents are more than ${maximum}.`,
  ModelProvenanceUnknownParent: ([parentId]) =>
    `the parent ${id(parentId)} is not in this registry. Mint it first, or name it in BASE_MODELS.`,
  ModelProvenanceDuplicateParent: ([parentId]) => `the parent ${id(parentId)} is named twice.`,
  ModelProvenanceRevokedParent: ([parentId]) =>
    `the parent ${id(parentId)} was revoked, so nothing new may be built on it.`,
  ModelProvenanceParentTooYoung: ([parentId]) =>
    `the parent ${id(parentId)} was recorded after the batch was anchored.`,
  ModelProvenanceUnauthorizedVersion: () =>
    "only the parent's creator or owner may mint its next version. RELATION=fine-tune says that others built on it.",
  ModelProvenanceRoyaltyTooHigh: ([basisPoints, maximum]) =>
    `a royalty of ${basisPoints} basis points is above the ${maximum} that are allowed.`,
  ModelProvenanceDefaultRoyalty: ([tokenId]) =>
    `${id(tokenId)} was minted without a royalty of its own, so the registry's default applies and only its admin changes that.`,
  ModelProvenanceUnauthorizedCreator: ([account, tokenId]) => `${account} is not the creator of ${id(tokenId)}.`,
  ModelProvenanceUnauthorizedOwner: ([account, tokenId]) => `${account} is not the owner of ${id(tokenId)}.`,
  ModelProvenanceUnauthorizedStatusChange: ([account, tokenId]) =>
    `${account} may not set this status of ${id(tokenId)}: owner and creator deprecate, creator and curators revoke.`,
  ModelProvenanceRevokedModel: ([tokenId]) => `the model ${id(tokenId)} is revoked, and that is final.`,
  ModelProvenanceHeldStatus: ([tokenId, holder]) =>
    `${holder} set the status of ${id(tokenId)}, and only an account as strong changes it (curator over creator over owner); the creator may revoke it.`,
  ModelProvenanceLineageTooLong: ([, needed, maxVisits]) =>
    `the lineage has ${needed} models or more, above the ${maxVisits} that may be visited.`,
  ModelProvenanceInvalidChild: () => "the child needs a chain id and the address of a registry.",
  ModelProvenanceNotAParent: ([parentId, childId]) =>
    `the child ${id(childId)} does not name ${id(parentId)} as a parent.`,
  ModelProvenanceNotEndorsed: ([parentId]) => `there is no endorsement by ${id(parentId)} to withdraw.`,
  ModelProvenanceInvalidGrant: () => "a grant needs an account, and an end in the future.",
  ModelProvenanceExpiredVoucher: ([deadline]) => `the voucher expired at ${time(deadline)}. Ask for a new one.`,
  ModelProvenanceCancelledVoucher: ([signer]) => `${signer} cancelled the voucher. Ask for a new one.`,
  ModelProvenanceInvalidSignature: () => "the signature is not one of this voucher, or its signer is no minter.",
  ModelProvenanceEmptyAnchor: () => "root, content digest and count of a batch must not be zero.",
  ModelProvenanceDuplicateAnchor: ([root]) => `this account anchored the root ${root} before.`,
  ModelProvenanceUnknownAnchor: ([root, creator]) => `${creator} anchored no root ${root}.`,
  ModelProvenanceInvalidProof: ([root]) => `the proof does not lead to the root ${root}.`,
  ModelProvenanceUnauthorizedAnchorChange: ([account]) => `${account} may not set the status of this batch.`,
  ModelProvenanceRevokedAnchor: ([root]) => `the batch ${root} is revoked, and that is final.`,
  ModelProvenanceHeldAnchor: ([root, , holder]) =>
    `${holder} set the status of the batch ${root}, and only an account as strong changes it (curator over creator); the creator may revoke it.`,
  ModelProvenanceInvalidTransferValidator: ([validator]) => `there is no contract at ${validator}.`,
  ModelProvenanceTransferValidatorSet: () => "administration cannot be renounced while a transfer validator is set.",
  ModelProvenanceInvalidRenderer: ([renderer]) => `there is no contract at ${renderer}.`,
  ModelProvenanceLockedRenderer: ([renderer]) => `the renderer ${renderer} is locked for ever.`,
  RoyaltySplitterInvalidLength: ([, , maximum]) =>
    `there must be one share for each payee, and at most ${maximum} payees.`,
  RoyaltySplitterInvalidShare: ([payee, , maximum]) =>
    `the payee ${payee} is zero, named twice, or its share is not between 1 and ${maximum}.`,
  RoyaltySplitterUnknownPayee: ([account]) => `the account ${account} has no share in the splitter.`,
  RoyaltySplitterNothingDue: ([, payee]) => `nothing is due to ${payee} now.`,
  RoyaltySplitterNotAClone: () =>
    "this is the contract that splitters delegate to; it has no payees and takes no money.",
  FailedDeployment: () => "the splitter could not be made.",
};

/** Says in a sentence what a custom error means and what to do. */
export function explainRevert({ name, args }: ErrorDescription): string {
  return REASONS[name]?.(args) ?? "the call breaks one of its rules.";
}
