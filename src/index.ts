/**
 * The library of model-provenance-nft: hash a model, build and pin its metadata, mint its provenance, fetch it, verify it.
 * It reads no environment and prints nothing; effects (signer, provider, store) come in as arguments.
 */
export { ProvenanceError, type ProvenanceErrorCode } from "./errors.ts";
export { type Hex, toHex32 } from "./hex.ts";
export { RELATIONS, type Relation, parseRelation } from "./relation.ts";

export { type DigestFilesOptions, digestFiles } from "./hashing/digest-files.ts";
export { type DigestLeavesOptions, type FileToCut, digestLeaves } from "./hashing/digest-leaves.ts";
export type { FileDigest } from "./hashing/digest-sync.ts";
export { type ModelListing, walkModel } from "./model/walk.ts";
export { DigestCache, type DigestCacheOptions } from "./hashing/digest-cache.ts";
export { type ResourceWithLeaves, computeModelCid } from "./model/model-cid.ts";
export { type HashModelOptions, type HashedModel, hashModel } from "./model/hash-model.ts";
export {
  buildManifestTree,
  computeManifestDigests,
  computeManifestRoot,
  computeModelDigest,
} from "./model/manifest.ts";
export type { Resource } from "./model/resource.ts";
export { type ModelCar, writeModelCar } from "./model/write-model-car.ts";

export type { OmsDifference } from "./oms/compare-files.ts";
export { type SignOmsOptions, signOms } from "./oms/sign-oms.ts";
export { type OmsSigner, type VerifiedOms, type VerifyOmsOptions, verifyOms } from "./oms/verify-oms.ts";
export { type SourceFile, fileSource } from "./formats/byte-source.ts";
export { type ModelDescription, describeFormats } from "./formats/describe-formats.ts";
export { type TensorComparison, compareTensors } from "./tensors/compare-tensors.ts";
export { contradictsRelation } from "./tensors/contradiction.ts";
export { type TensorSet, digestTensors } from "./tensors/digest-tensors.ts";
export { type HashedTensors, hashModelWithTensors } from "./tensors/hash-with-tensors.ts";
export { readModelTensors } from "./tensors/read-model-tensors.ts";
export { buildTensorTree, proveTensor, verifyTensorProof } from "./tensors/tensor-tree.ts";

export type { Statements } from "./metadata/build-provenance.ts";
export { metadataJsonSchema } from "./metadata/json-schema.ts";
export { readMetadata } from "./metadata/read-metadata.ts";
export { type Metadata, type Provenance, metadataSchema, provenanceSchema } from "./metadata/schema.ts";

export { type ArweaveKey, parseArweaveKey } from "./store/arweave-key.ts";
export { ArweaveStore, type ArweaveStoreOptions } from "./store/arweave-store.ts";
export type { Blocks, BlockSource, ContentStore, PinOptions } from "./store/content-store.ts";
export { type ExportedCar, exportCar } from "./store/export-car.ts";
export { type ImportedCar, importCar } from "./store/import-car.ts";
export { KuboStore, type KuboStoreOptions } from "./store/kubo-store.ts";
export { type StoreReport, checkStore } from "./store/local/check-store.ts";
export { type Garbage, collectGarbage } from "./store/local/collect-garbage.ts";
export { type PinSummary, listPins } from "./store/local/list-pins.ts";
export { LocalStore, type LocalStoreOptions } from "./store/local-store.ts";
export { MultiStore } from "./store/multi-store.ts";
export { PinataStore, type PinataStoreOptions } from "./store/pinata-store.ts";
export { PinningServiceStore, type PinningServiceStoreOptions } from "./store/pinning-service-store.ts";
export { S3Store, type S3StoreOptions } from "./store/s3-store.ts";
export { UploadJournal } from "./store/upload-journal.ts";

export { type ModelRecord, type Status, readModelRecord } from "./chain/model-record.ts";
export { type ConfiguredRegistry, readRegistriesFile } from "./chain/registries-file.ts";
export { type CodeComparison, compareRegistryCode } from "./chain/registry-code.ts";
export { type Registry, openRegistry } from "./chain/registry.ts";
export { type ModelSubmission, hashSubmission } from "./chain/submission.ts";
export { type ContractCall, type TransactionContext, type TransactionPlan } from "./chain/transaction.ts";
export { type MinedTransaction } from "./chain/sent-transaction.ts";
export { type TransactionCost, TRANSACTION_GAS_CAP } from "./chain/transaction-cost.ts";
export { type Anchor, findContentDigest, isAnchored, readAnchor } from "./chain/anchors.ts";
export { type BatchFile, type BatchProof, parseBatchFile, parseBatchProof } from "./chain/batch-files.ts";
export { createBatchTree, verifyBatchProof } from "./chain/batch-tree.ts";
export { type ChildModel, endorse, isEndorsed, withdrawEndorsement } from "./chain/endorsements.ts";
export { type MintAnchoredContext, mintAnchored } from "./chain/mint-anchored.ts";
export { type BatchLimits, estimateBatch } from "./chain/mint-batch.ts";
export type { RecordedModel } from "./chain/recorded-model.ts";
export { cancelVoucher, redeemVoucher } from "./chain/redeem-voucher.ts";
export {
  type RendererState,
  lockRenderer,
  readRenderer,
  readTransferValidator,
  setRenderer,
  setTransferValidator,
} from "./chain/companions.ts";
export { type RoleHolder, listRoleHolders } from "./chain/role-holders.ts";
export {
  type Administration,
  type GrantedRole,
  ROLES,
  type Role,
  acceptAdminTransfer,
  beginAdminTransfer,
  cancelAdminTransfer,
  grantRole,
  hasRole,
  readAdministration,
  revokeRole,
} from "./chain/roles.ts";
export { type RoyaltyDue, readRoyalty, setDefaultRoyalty, setTokenRoyalty } from "./chain/royalties.ts";
export {
  type ReleasableShare,
  type Share,
  type Splitter,
  createSplitter,
  predictSplitter,
  readShares,
  releaseShare,
} from "./chain/splitter.ts";
export { type StatusChange, setAnchorStatus, setStatus } from "./chain/statuses.ts";
export { grantUse, hasAccess, revokeUse } from "./chain/usage.ts";
export { type MintVoucher, type SignedVoucher, hashVoucher, signVoucher, signerOfVoucher } from "./chain/voucher.ts";
export { formatVoucherFile, parseVoucherFile } from "./chain/voucher-file.ts";
export { type VoucherState, inspectVoucher } from "./chain/voucher-state.ts";

export { type AnchorBatchContext, type AnchoredBatch, anchorBatch } from "./publish/anchor-batch.ts";
export { type Batch, buildBatch } from "./publish/build-batch.ts";
export { type IssueVoucherContext, issueVoucher } from "./publish/issue-voucher.ts";
export { type MintBatchContext, type MintedBatch, mintBatch } from "./publish/mint-batch.ts";
export type { MintContext, MintPlan, MintedModel } from "./publish/mint-context.ts";
export { mintModel } from "./publish/mint-model.ts";
export { type BatchResult, type PublishBatchContext, publishBatch } from "./publish/publish-batch.ts";
export { type BatchRehearsal, type RehearsedResult, rehearseBatch } from "./publish/rehearse-batch.ts";
export { type PublishModelContext, type PublishedModel, publishModel } from "./publish/publish-model.ts";
export { type PublisherState, openStateFolder } from "./state/publisher-state.ts";
export { pinModel } from "./publish/link-model.ts";
export { type PinProgress, pinMetadata } from "./publish/pin-metadata.ts";
export { type PreparedModel, type PublishRequest, prepareModel } from "./publish/prepare-model.ts";
export { type IndexedRegistry, type Lineage, findLineage } from "./lineage/lineage-graph.ts";
export { readRegistryIndex } from "./lineage/read-index.ts";
export { readLineage } from "./lineage/read-lineage.ts";
export { type RecordHistory, readHistory } from "./lineage/record-history.ts";
export { type AppliedPolicy, type PolicyContext, applyPolicy } from "./policy/apply-policy.ts";
export { applyPolicyToLock } from "./policy/apply-to-lock.ts";
export { type Policy, type PolicyFile, parsePolicy, policyJsonSchema, readPolicyFile } from "./policy/policy.ts";
export { type VerifyForeignRequest, verifyForeign } from "./foreign/verify-foreign.ts";
export { type LockFile, parseLockFile, readLockFile, writeLockFile } from "./verify/lock-file.ts";
export { type VerifyDocument, toVerifyDocument, verifyReportJsonSchema } from "./verify/report-document.ts";
export { type VerifyLockRequest, toLockFile, verifyLock } from "./verify/verify-lock.ts";
export { GatewaySource, type GatewaySourceOptions } from "./gateways/gateway-source.ts";
export { PUBLIC_GATEWAYS } from "./gateways/gateway-url.ts";
export { type ReadThroughOptions, readThrough } from "./gateways/read-through.ts";
export { type FetchModelRequest, type FetchedModel, fetchModel } from "./fetch/fetch-model.ts";
export { type ProofFile, parseProofFile } from "./verify/proof-file.ts";
export { type VerifyFilesReport, type VerifyFilesRequest, verifyFiles } from "./verify/verify-files.ts";
export { type Verdict, type VerifyReport, type VerifyRequest, verifyModel } from "./verify/verify-model.ts";
export { type VerifyProofRequest, verifyProof } from "./verify/verify-proof.ts";
