// What runs anywhere, in a browser too: `model-provenance-nft/core`. Files, stores and keys stay with the caller.

export { parseAddress } from "./base/address.ts";
export { ProvenanceError, type ProvenanceErrorCode } from "./base/errors.ts";
export { concatBytes, toDigits } from "./base/bytes.ts";
export { type Hex, ZERO_DIGEST, toHex, toHex32 } from "./base/hex.ts";
export type { Answered, AskedOverHttp, Exchange } from "./base/http/exchange.ts";
export { HttpFault } from "./base/http/http-fault.ts";
export { JsonRpcEndpoint } from "./base/node/json-rpc-endpoint.ts";
export { connectEndpoint } from "./base/node/node-provider.ts";
export { authorizationOf, hideUrls } from "./base/url-secrets.ts";
export { parseDuration, parseLimit, parsePrice } from "./base/values.ts";
export { visibleName } from "./base/visible-name.ts";
export { MerkleTree, hashLeaf, verifyMerkleProof } from "./base/merkle-tree.ts";

export { type Block, bytesMatchCid, computeCid, rawBlock, rawCidOfDigest, toIpfsUri } from "./content/cid.ts";
export type { BlockSource, ContentStore } from "./content/content-store.ts";
export { wrapLinks } from "./content/car/block-list.ts";
export { writeCar } from "./content/car/car.ts";
export { readKuboEndpoint } from "./content/stores/kubo/endpoint.ts";
export { KuboNode } from "./content/stores/kubo/kubo-node.ts";
export { KuboRpc } from "./content/stores/kubo/rpc.ts";
export { PinataUpload } from "./content/stores/pinata/signed-upload.ts";
export { throwIfInterrupted } from "./base/http/retry.ts";
export { GatewayBlocks } from "./content/gateways/gateway-blocks.ts";
export { PUBLIC_GATEWAYS } from "./content/gateways/gateway-url.ts";

export {
  buildManifestTree,
  computeComponentOrderDigest,
  computeManifestRoot,
  computeModelDigest,
} from "./model/manifest.ts";
export { warnOfCaseCollisions } from "./model/case-collisions.ts";
export { CLAIM_MAX_BYTES, type Claim, formatClaim, parseClaim } from "./model/claim-form.ts";
export { CLAIM_NAME } from "./model/claim-name.ts";
export { type ExcludedEntry, emptyModel, normalizeIgnorePaths, reasonToExclude } from "./model/exclude.ts";
export { LEAF_BYTES } from "./model/hashing/leaf-bytes.ts";
export { findWeights } from "./model/find-weights.ts";
export type { ByteSource, SourceFile } from "./model/formats/byte-source.ts";
export { describeFormats } from "./model/formats/describe-formats.ts";
export type { HashedModel } from "./model/hash-model.ts";
export { type FilePieces, PieceDigester } from "./model/hashing/pieces.ts";
export { LFS_POINTER_MAX_BYTES, findLfsPointers } from "./model/lfs-pointer.ts";
export { computeManifestDigests } from "./model/manifest-digests.ts";
export { computeModelCid } from "./model/model-cid.ts";
export { assertNotNamed } from "./model/named-by-config.ts";
export { OMS_BUNDLE_MAX_BYTES, OMS_BUNDLE_NAME, isOmsBundleContent } from "./model/oms-bundle-form.ts";
export { assertDistinctNames, assertResourceName } from "./model/resource-name.ts";
export { compareNames } from "./model/resource.ts";
export { verifyManifestProof } from "./model/manifest-tree.ts";
export { RELATIONS, type Relation } from "./model/relation.ts";
export { assembleTensors, planTensors } from "./model/tensors/digest-tensors.ts";
export type { TensorFacts } from "./model/tensors/hash-with-tensors.ts";
export { describeUnsafe } from "./model/tensors/unsafe-files.ts";
export type { Resource } from "./model/resource.ts";

export { type BuiltMetadata, IMAGE_MAX_BYTES, buildMetadata } from "./metadata/build-metadata.ts";
export { type Statements, buildProvenance } from "./metadata/build-provenance.ts";
export { parseContributors } from "./metadata/contributors-form.ts";
export { canonicalJson } from "./metadata/canonical-json.ts";
export { type ListedAccount, readDidDocument } from "./metadata/did-document.ts";
export { type DidWeb, parseDidWeb } from "./metadata/did-web.ts";
export { normalizeLicense } from "./metadata/license.ts";
export { type PinnableFile, allBlocksOf, buildManifestEntry, toPinnableFile } from "./metadata/manifest-entry.ts";
export { type ModelFacts, collectFacts, describeInvalidHeader } from "./metadata/model-facts.ts";
export { metadataJsonSchema } from "./metadata/json-schema.ts";
export { type PublisherStatement, hashPublisher } from "./metadata/publisher-statement.ts";
export { readMetadata } from "./metadata/read-metadata.ts";
export { parseBaseModel, parseFramework, parseMetric } from "./metadata/read-statements.ts";
export {
  type Contributor,
  type Metadata,
  type Provenance,
  metadataSchema,
  provenanceSchema,
} from "./metadata/schema.ts";
export { computeProvenanceDigest } from "./metadata/signature.ts";
export { toValueParts } from "./metadata/value-parts.ts";

export { isDevelopmentChain } from "./registry/development-chain.ts";
export { toChainError } from "./registry/chain-error.ts";
export { isEndorsed } from "./registry/endorsements.ts";
export { type RecordHistory, mintOf, readHistory } from "./registry/lineage/record-history.ts";
export { hashReceipt, parseReceipt } from "./registry/receipts/inference-receipt.ts";
export { type License, holdsLicense, listLicenses, readLicense } from "./registry/market/licenses.ts";
export { LICENSE_MARKET_ABI, MARKET_INTERFACE, type Market, openMarket } from "./registry/market/market.ts";
export {
  LICENSE_KINDS,
  type LicenseKind,
  OFFER_TYPES,
  type Offer,
  hashOffer,
  offerDomain,
  offerIdOf,
  toOfferStruct,
} from "./registry/market/offer.ts";
export { type SignedOffer, parseOfferFile } from "./registry/market/offer-file.ts";
export { type LicensedModel, type OpenedOffer, listOffers } from "./registry/market/read-offers.ts";
export { type Revenue, readRevenue } from "./registry/market/read-revenue.ts";
export { type Credit, type Upstream, readUpstream, readWithdrawable } from "./registry/market/revenue.ts";
export { describePayment } from "./registry/market/describe-trade.ts";
export { type Trade, readTrades } from "./registry/market/trade.ts";
export { readCurrency } from "./registry/market/currency.ts";
export { compareRegistryCode } from "./registry/registry-code.ts";
export { readRoyalty } from "./registry/royalties.ts";
export { type BatchCandidate, type IndexerClient, openIndexer } from "./registry/indexer/indexer-client.ts";
export { type SignatureAnswer, checkMetadataSignature } from "./registry/check-signature.ts";
export { NETWORKS, type Network, explorerLinks, findNetwork } from "./registry/networks.ts";
export {
  type ModelRecord,
  type RecordedEvent,
  type Status,
  findRecordedEvent,
  findTokensByWeights,
  readModelRecord,
} from "./registry/model-record.ts";
export { BOX, type Drawing, type DrawnBox, type DrawnLine, drawLineage } from "./registry/lineage/drawing.ts";
export { type BoxKind, MARKS } from "./registry/lineage/status-marks.ts";
export { describeBase, describeEdge, describeNode, describeSize, homeOf } from "./registry/lineage/describe-node.ts";
export { type CandidateIndex, addCandidates, readCandidateIndex } from "./registry/lineage/candidate-index.ts";
export { readHeadBlock, readIndexEvents } from "./registry/lineage/extend-index.ts";
export {
  type IndexedRegistry,
  type Lineage,
  type LineageEdge,
  type LineageNode,
  findLineage,
} from "./registry/lineage/lineage-graph.ts";
export {
  type IndexEvent,
  type IndexedModel,
  type RegistryIndex,
  applyIndexEvent,
  createRegistryIndex,
} from "./registry/lineage/registry-index.ts";
export { toSvg } from "./registry/lineage/to-svg.ts";
export { type Deadline, startDeadline } from "./base/deadline.ts";
export { DID_DOCUMENT_MAX_BYTES } from "./metadata/did-document.ts";
export { joinAddressBooks } from "./registry/publishers/address-book.ts";
export { findPublisher } from "./registry/publishers/find-publisher.ts";
export { type Publisher, type PublisherClaim, describeClaim, nameAccount } from "./registry/publishers/publisher.ts";
export {
  type AddressBook,
  type DidFetcher,
  type PublisherQuestion,
  type PublisherSources,
  bookKey,
  lookUp,
  rememberDocuments,
} from "./registry/publishers/publisher-sources.ts";
export { createEnsReader } from "./registry/publishers/read-ens.ts";
export { MODEL_PROVENANCE_ABI, type Registry, openRegistry, toCaip10 } from "./registry/registry.ts";
export { type StatusStatement, readStatus } from "./registry/statuses.ts";
export { type RegistriesFile, parseRegistries } from "./registry/registries-form.ts";
export { type ModelSubmission, hashSubmission } from "./registry/submission.ts";
export { type Anchor, findContentDigest, isAnchored, readAnchor } from "./registry/batches/anchors.ts";
export { createBatchTree, verifyBatchProof } from "./registry/batches/batch-tree.ts";

export { coinOf, formatCoins } from "./registry/coins.ts";
export { parseTokenId } from "./registry/token-id.ts";
export { toSubmission } from "./registry/to-submission.ts";
export { STATUSES } from "./registry/model-record.ts";

export { endorse, grantUse, revokeUse, setStatus, withdrawEndorsement } from "./publish/change-model.ts";
export { type OfferTerms, TERMS_MAX_BYTES, draftOffer } from "./publish/market/draft-offer.ts";
export {
  allowPayment,
  buyLicense,
  cancelOffer,
  listOffer,
  neededAllowances,
  renewLicense,
} from "./publish/market/licenses.ts";
export { settleCredit, settleOffer, sweepTill, withdrawRevenue } from "./publish/market/revenue.ts";
export { assertParentsKnown } from "./publish/check-parents.ts";
export { assertSameMetadata } from "./publish/compare-record.ts";
export { type AnyEntry, compareEntry, foreignState } from "./publish/journal/compare-entry.ts";
export { type Journal, memoryJournal } from "./publish/journal/journal.ts";
export {
  type CallEntry,
  type ModelEntry,
  callEntrySchema,
  modelEntrySchema,
} from "./publish/journal/journal-schema.ts";
export { type PublisherState, freshCall, freshModel, memoryState } from "./publish/journal/publisher-state.ts";
export { linkBundle } from "./publish/link-bundle.ts";
export { linkModel } from "./publish/link-model.ts";
export { assertMinter, encodeMint } from "./publish/mint.ts";
export type { MintContext, MintedModel } from "./publish/mint-context.ts";
export type { RecordPlan } from "./publish/record-plan.ts";
export { mintModel } from "./publish/mint-model.ts";
export { filesToPin, pinFile, pinMetadata } from "./publish/pin-metadata.ts";
export type { PreparedModel } from "./publish/prepare-model.ts";
export { listPublic } from "./publish/public-fields.ts";
export { readPlace } from "./publish/read-place.ts";
export { isContractAccount } from "./publish/sending/receiver.ts";
export { type WalletProvider, WalletSigner, codeOf } from "./publish/sending/wallet-signer.ts";
export { type ContractCall, type SendingOptions } from "./publish/sending/sending.ts";
export type { MinedTransaction } from "./publish/sending/sent-transaction.ts";
export { type TransactionCost, assertAffordable, estimateTransaction } from "./publish/sending/transaction-cost.ts";
export { type TransactionContext, callOf, changeRegistry, transact, transactUnless } from "./publish/transact.ts";

export { type FileComparison, compareResources } from "./verify/compare-resources.ts";
export { type SelectedRecord, reportAbsence, selectClaimed, selectRecord } from "./verify/ask-chain.ts";
export { CHECKS } from "./verify/checks/list.ts";
export { compareDigests } from "./verify/compare-digests.ts";
export { type CheckFinding, NO_CREATORS, VERDICTS, conclude } from "./verify/conclude.ts";
export { type ExaminedBundle, examineBundle } from "./verify/examine-bundle.ts";
export type { ChainEvidence, Evidence, LocatedRecord } from "./verify/evidence.ts";
export type { Finding } from "./verify/findings.ts";
export { type Found, chooseRecord, locate } from "./verify/locate.ts";
export { type LeafDigest, locateDamage, openRecordedLeaves } from "./verify/locate-damage.ts";
export { type LockFile, parseLockFile } from "./verify/lock-form.ts";
export { type Inquiry, examine } from "./verify/pipeline.ts";
export { type VerifyDocument, toVerifyDocument } from "./verify/report-document.ts";
export { type AtHand, verifyHashed } from "./verify/verify-hashed.ts";
export { verifyHashedWithLock } from "./verify/verify-hashed-with-lock.ts";
export { WAYS, type Way } from "./verify/ways.ts";
export { acceptanceFor } from "./verify/policy/acceptance.ts";
export { applyPolicy } from "./verify/policy/apply-policy.ts";
export { applyPolicyToLock } from "./verify/policy/apply-to-lock.ts";
export { type PolicyFacts, judge } from "./verify/policy/judge.ts";
export { describeModelFormats } from "./verify/policy/model-formats.ts";
export { type Policy, type PolicyFile, parsePolicyFile } from "./verify/policy/policy.ts";
export { listRules } from "./verify/policy/rule-outcomes.ts";
export type { RegistryPlace, RuleOutcome, Verdict, VerifyReport } from "./verify/report.ts";

export { type ExportedModel, type Relative } from "./exports/exported-model.ts";
export type { ExportForm, FormOptions, FormSigner } from "./exports/form.ts";
export { ALL_FORMS } from "./exports/all-forms.ts";
export { type ReadModelOptions, readModel } from "./exports/read-model.ts";
export { writeForm } from "./exports/write-form.ts";
