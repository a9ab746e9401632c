/**
 * The library of model-provenance-nft: hash a model, build and pin its metadata, mint its provenance, fetch it, verify it.
 * It reads no environment and prints nothing; effects (signer, provider, store) come in as arguments.
 */
export { ProvenanceError, type ProvenanceErrorCode } from "./base/errors.ts";
export { type Hex, toHex32 } from "./base/hex.ts";
export { type Release, acquireLock } from "./base/lock.ts";
export { RELATIONS, type Relation, parseRelation } from "./model/relation.ts";

export { type DigestFilesOptions, digestFiles } from "./model/hashing/digest-files.ts";
export { type DigestLeavesOptions, type FileToCut, digestLeaves } from "./model/hashing/digest-leaves.ts";
export type { FileDigest } from "./model/hashing/digest-sync.ts";
export { type ModelListing, walkModel } from "./model/walk.ts";
export { DigestCache, type DigestCacheOptions } from "./model/hashing/digest-cache.ts";
export { type ResourceWithLeaves, computeModelCid } from "./model/model-cid.ts";
export { type HashModelOptions, type HashedModel, hashModel } from "./model/hash-model.ts";
export { buildManifestTree, computeManifestRoot, computeModelDigest } from "./model/manifest.ts";
export { computeManifestDigests } from "./model/manifest-digests.ts";
export type { Resource } from "./model/resource.ts";
export { type ModelCar, type ModelCarOptions, writeModelCar } from "./model/write-model-car.ts";

export type { OmsDifference } from "./model/oms/compare-files.ts";
export { type SignOmsOptions, signOms } from "./model/oms/sign-oms.ts";
export { type OmsSigner, type VerifiedOms, type VerifyOmsOptions, verifyOms } from "./model/oms/verify-oms.ts";
export type { SourceFile } from "./model/formats/byte-source.ts";
export { fileSource } from "./model/formats/file-source.ts";
export { type ModelDescription, describeFormats } from "./model/formats/describe-formats.ts";
export { type TensorComparison, compareTensors } from "./model/tensors/compare-tensors.ts";
export { contradictsRelation } from "./model/tensors/contradiction.ts";
export { type TensorSet, digestTensors } from "./model/tensors/digest-tensors.ts";
export { type HashedTensors, hashModelWithTensors } from "./model/tensors/hash-with-tensors.ts";
export { readModelTensors } from "./model/tensors/read-model-tensors.ts";
export { buildTensorTree, proveTensor, verifyTensorProof } from "./model/tensors/tensor-tree.ts";

export type { Statements } from "./metadata/build-provenance.ts";
export { metadataJsonSchema } from "./metadata/json-schema.ts";
export { readMetadata } from "./metadata/read-metadata.ts";
export { type Metadata, type Provenance, metadataSchema, provenanceSchema } from "./metadata/schema.ts";

export { type ArweaveKey, parseArweaveKey } from "./content/stores/arweave/arweave-key.ts";
export { ArweaveStore, type ArweaveStoreOptions } from "./content/stores/arweave/arweave-store.ts";
export type { Blocks, BlockSource, ContentStore, PinOptions } from "./content/content-store.ts";
export { type ExportedCar, exportCar } from "./content/car/export-car.ts";
export { type ImportedCar, importCar } from "./content/car/import-car.ts";
export { KuboStore, type KuboStoreOptions } from "./content/stores/kubo/kubo-store.ts";
export { type StoreReport, checkStore } from "./content/stores/local/check-store.ts";
export { type Garbage, collectGarbage } from "./content/stores/local/collect-garbage.ts";
export { type PinSummary, listPins } from "./content/stores/local/list-pins.ts";
export { LocalStore, type LocalStoreOptions } from "./content/stores/local/local-store.ts";
export { MultiStore } from "./content/stores/multi-store.ts";
export { PinataStore, type PinataStoreOptions } from "./content/stores/pinata/pinata-store.ts";
export { PinningServiceStore, type PinningServiceStoreOptions } from "./content/stores/psa/pinning-service-store.ts";
export { S3Store, type S3StoreOptions } from "./content/stores/s3/s3-store.ts";
export { UploadJournal } from "./content/stores/upload-journal.ts";

export { type BatchCandidate, type IndexerClient, openIndexer } from "./registry/indexer/indexer-client.ts";
export { type ModelRecord, type Status, readModelRecord } from "./registry/model-record.ts";
export { isDevelopmentChain } from "./registry/development-chain.ts";
export { type ConfiguredRegistry, readRegistriesFile } from "./registry/registries-file.ts";
export { type CodeComparison, compareRegistryCode } from "./registry/registry-code.ts";
export { connectNode } from "./base/node/json-rpc-node.ts";
export { MODEL_PROVENANCE_ABI, type Registry, openRegistry } from "./registry/registry.ts";
export { type ModelSubmission, hashSubmission } from "./registry/submission.ts";
export { type ContractCall } from "./publish/sending/sending.ts";
export { type TransactionContext, type TransactionPlan } from "./publish/transact.ts";
export { type MinedTransaction } from "./publish/sending/sent-transaction.ts";
export { type TransactionCost, TRANSACTION_GAS_CAP } from "./publish/sending/transaction-cost.ts";
export { type Anchor, findContentDigest, isAnchored, readAnchor } from "./registry/batches/anchors.ts";
export { type BatchFile, type BatchProof, parseBatchFile, parseBatchProof } from "./registry/batches/batch-files.ts";
export { listBatchProofs } from "./registry/batches/list-proofs.ts";
export { createBatchTree, verifyBatchProof } from "./registry/batches/batch-tree.ts";
export { type ChildModel, isEndorsed } from "./registry/endorsements.ts";
export { type MintAnchoredContext, mintAnchored } from "./publish/mint-anchored.ts";
export { type BatchLimits, estimateBatch } from "./publish/sending/mint-batch.ts";
export type { RecordedModel } from "./publish/recorded-model.ts";
export { cancelVoucher, redeemVoucher } from "./publish/redeem-voucher.ts";
export { type RendererState, readRenderer, readTransferValidator } from "./registry/companions.ts";
export { type RoleHolder, listRoleHolders } from "./registry/role-holders.ts";
export {
  type Administration,
  type GrantedRole,
  ROLES,
  type Role,
  hasRole,
  readAdministration,
} from "./registry/roles.ts";
export { type RoyaltyDue, readRoyalty } from "./registry/royalties.ts";
export { type ReleasableShare, type Share, predictSplitter, readShares } from "./registry/splitter.ts";
export { type StatusChange } from "./registry/statuses.ts";
export { hasAccess } from "./registry/usage.ts";
export { type MintVoucher, type SignedVoucher, hashVoucher, signVoucher, signerOfVoucher } from "./publish/voucher.ts";
export { formatVoucherFile, parseVoucherFile } from "./publish/voucher-file.ts";
export { type VoucherState, inspectVoucher } from "./publish/voucher-state.ts";

export { type AnchorBatchContext, type AnchoredBatch, anchorBatch } from "./publish/anchor-batch.ts";
export { type Batch, buildBatch } from "./publish/build-batch.ts";
export { type IssueVoucherContext, issueVoucher } from "./publish/issue-voucher.ts";
export { type MintBatchContext, type MintedBatch, mintBatch } from "./publish/mint-batch.ts";
export type { MintContext, MintedModel } from "./publish/mint-context.ts";
export type { RecordPlan } from "./publish/record-plan.ts";
export { mintModel } from "./publish/mint-model.ts";
export { type BatchResult, type PublishBatchContext, publishBatch } from "./publish/publish-batch.ts";
export { type BatchRehearsal, type RehearsedResult, rehearseBatch } from "./publish/rehearse-batch.ts";
export { type PublishModelContext, type PublishedModel, publishModel } from "./publish/publish-model.ts";
export type { PublisherState } from "./publish/journal/publisher-state.ts";
export { openStateFolder } from "./publish/journal/state-folder.ts";
export { pinModel } from "./publish/pin-model.ts";
export { type PinProgress, pinMetadata } from "./publish/pin-metadata.ts";
export { type PreparedModel, type PublishRequest, prepareModel } from "./publish/prepare-model.ts";
export { type IndexedRegistry, type Lineage, findLineage } from "./registry/lineage/lineage-graph.ts";
export { readRegistryIndex } from "./registry/lineage/read-index.ts";
export { readLineage } from "./registry/lineage/read-lineage.ts";
export { type RecordHistory, readHistory } from "./registry/lineage/record-history.ts";
export {
  endorse,
  withdrawEndorsement,
  setDefaultRoyalty,
  setTokenRoyalty,
  setAnchorStatus,
  setStatus,
  grantUse,
  revokeUse,
} from "./publish/change-model.ts";
export {
  lockRenderer,
  setRenderer,
  setTransferValidator,
  acceptAdminTransfer,
  beginAdminTransfer,
  cancelAdminTransfer,
  grantRole,
  revokeRole,
} from "./publish/administer.ts";
export { type Splitter, createSplitter, releaseShare } from "./publish/split-royalties.ts";
export { type AppliedPolicy, type PolicyContext, applyPolicy } from "./verify/policy/apply-policy.ts";
export { applyPolicyToLock } from "./verify/policy/apply-to-lock.ts";
export { type Policy, type PolicyFile, parsePolicy, policyJsonSchema } from "./verify/policy/policy.ts";
export { readModelFormats } from "./verify/model-at-hand.ts";
export { readPolicyFile } from "./verify/policy/policy-file.ts";
export { type AgentId, parseAgentId } from "./verify/agent/agent-id.ts";
export { type ReadAgentOptions, readAgent } from "./verify/agent/read-agent.ts";
export type { StatedAgent } from "./verify/agent/stated-agent.ts";
export { type VerifyAgentRequest, verifyAgent } from "./verify/agent/verify-agent.ts";
export { type VerifyForeignRequest, verifyForeign } from "./verify/foreign/verify-foreign.ts";
export { type LockFile, parseLockFile, readLockFile, writeLockFile } from "./verify/lock-file.ts";
export { type VerifyDocument, toVerifyDocument, verifyReportJsonSchema } from "./verify/report-document.ts";
export { type VerifyLockRequest, toLockFile, verifyLock } from "./verify/verify-lock.ts";
export { GatewaySource, type GatewaySourceOptions } from "./content/gateways/gateway-source.ts";
export { PUBLIC_GATEWAYS } from "./content/gateways/gateway-url.ts";
export { type ReadThroughOptions, readThrough } from "./content/gateways/read-through.ts";
export { type FetchModelRequest, type FetchedModel, fetchModel } from "./fetch/fetch-model.ts";
export { type ProofFile, parseProofFile } from "./verify/proof-file.ts";
export { type VerifyFilesReport, type VerifyFilesRequest, verifyFiles } from "./verify/verify-files.ts";
export { type Verdict, type VerifyReport, type VerifyRequest, verifyModel } from "./verify/verify-model.ts";
export { type VerifyProofRequest, verifyProof } from "./verify/verify-proof.ts";
export { type ExportedModel } from "./exports/exported-model.ts";
export type { ExportForm, FormOptions, FormSigner } from "./exports/form.ts";
export { ALL_FORMS } from "./exports/all-forms.ts";
export { type ReadModelOptions, readModel } from "./exports/read-model.ts";
export { writeForm } from "./exports/write-form.ts";
