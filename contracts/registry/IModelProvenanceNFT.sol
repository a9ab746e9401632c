// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/**
 * @title A registry of model provenance
 * @notice Records who published exactly which bytes of a machine-learning model, when, under which licence and derived
 * from what. The token id is the model's digest, so whoever holds the files can ask without knowing anything else.
 * @dev Text is UTF-8 and is never interpreted on chain: whoever displays it must escape it.
 */
interface IModelProvenanceNFT {
    // ---------------------------------------------------------------------------------------------------------- types

    /// @notice How a model came from its parents; the words are those of Hugging Face's `base_model_relation`.
    enum Relation {
        Base,
        Version,
        FineTune,
        Adapter,
        Quantized,
        Merge,
        Distilled,
        Converted
    }

    /// @notice What is said of a model after it was recorded; the order is the order of severity.
    enum Status {
        Active,
        Deprecated,
        Revoked
    }

    /**
     * @notice What the chain keeps of a model.
     * @param creator The account that recorded it: the minter, the signer of the voucher, or the owner of the batch.
     * @param mintedAt Unix time in seconds at which it was recorded: of the mint, or of the batch it was anchored in.
     * @param relation How it came from its parents.
     * @param status What is said of it now; the only field that can change.
     * @param parents Token ids in this registry, in the order in which they were submitted.
     * @param datasetDigest Digest of the training data; zero where it was not disclosed.
     * @param metadataDigest SHA-256 of the metadata JSON, and so the digest inside its CID.
     * @param framework Framework and version, for example "PyTorch 2.9.0".
     * @param license SPDX expression or `LicenseRef-…`.
     * @param performanceMetrics Headline metric, for example "accuracy=0.9312".
     */
    struct ModelData {
        address creator;
        uint40 mintedAt;
        Relation relation;
        Status status;
        uint256[] parents;
        bytes32 datasetDigest;
        bytes32 metadataDigest;
        string framework;
        string license;
        string performanceMetrics;
    }

    /**
     * @notice What every way of minting takes.
     * @param modelDigest Root digest of the model's files; as a number it becomes the token id. Not zero.
     * @param manifestRoot Merkle root over names, sizes and digests of the files. Emitted, not stored.
     * @param weightsDigest Digest over the weight files alone; zero where there are none. Emitted, not stored.
     * @param datasetDigest Digest of the training data; zero where it is not disclosed.
     * @param metadataDigest SHA-256 of the metadata JSON. Not zero.
     * @param relation How the model came from its parents; `Base` has none.
     * @param parents Token ids in this registry, at most 16, none twice.
     * @param baseModelDigest Digest of a base model outside this registry; zero where there is none or it is unknown.
     * @param framework At most 64 bytes.
     * @param license At most 64 bytes.
     * @param performanceMetrics At most 31 bytes.
     * @param version At most 64 bytes. Emitted, not stored.
     * @param royaltyReceiver Receiver of this token's royalty; zero: the default royalty applies.
     * @param royaltyBasisPoints Share of the sale price in basis points, at most 1 000.
     */
    struct ModelSubmission {
        bytes32 modelDigest;
        bytes32 manifestRoot;
        bytes32 weightsDigest;
        bytes32 datasetDigest;
        bytes32 metadataDigest;
        Relation relation;
        uint256[] parents;
        bytes32 baseModelDigest;
        string framework;
        string license;
        string performanceMetrics;
        string version;
        address royaltyReceiver;
        uint96 royaltyBasisPoints;
    }

    /**
     * @notice A mint that a minter signed and that anybody may send; the signer is the creator.
     * @param to Receives the token.
     * @param submission What is recorded.
     * @param deadline Unix time in seconds after which it is refused.
     */
    struct MintVoucher {
        address to;
        ModelSubmission submission;
        uint256 deadline;
    }

    /**
     * @notice Models recorded together under one Merkle root.
     * @param anchoredAt Unix time in seconds of the block that recorded it; zero: there is none.
     * @param count Number of models, as its creator stated it.
     * @param status What is said of all of them now.
     * @param account Who set the status; zero: nobody yet.
     * @param time Unix time in seconds at which it was set.
     * @param reason Why.
     */
    struct Anchor {
        uint40 anchoredAt;
        uint64 count;
        Status status;
        address account;
        uint40 time;
        string reason;
    }

    // --------------------------------------------------------------------------------------------------------- events

    /// @notice A model was recorded. Carries the whole record, and what is emitted only.
    event ProvenanceDataRecorded(
        uint256 indexed tokenId,
        address indexed creator,
        bytes32 indexed weightsDigest,
        bytes32 manifestRoot,
        bytes32 datasetDigest,
        bytes32 metadataDigest,
        uint40 mintedAt,
        Relation relation,
        uint256[] parents,
        string framework,
        string license,
        string performanceMetrics,
        string version
    );

    /// @notice A model without a parent in this registry was recorded.
    event ModelInitialized(uint256 indexed tokenId, bytes32 indexed baseModelDigest, address creator);

    /// @notice A model was recorded as derived from a parent in this registry; once for each parent.
    event ModelFineTuned(uint256 indexed tokenId, uint256 indexed parentId, Relation relation, bytes32 datasetDigest);

    /// @notice A model was recorded as the next version of another, by the creator or owner of that one.
    event ModelVersionMinted(uint256 indexed tokenId, uint256 indexed previousId, string version);

    /// @notice The status of a model was set: by `account`, or earlier for the batch that the model was minted from.
    event ModelStatusChanged(uint256 indexed tokenId, Status status, address indexed account, string reason);

    /// @notice The models of a UnixFS directory with this digest were recorded under one Merkle root.
    event BatchAnchored(bytes32 indexed root, address indexed creator, bytes32 indexed contentDigest, uint64 count);

    /// @notice The status of a whole batch was set.
    event AnchorStatusChanged(
        bytes32 indexed root,
        address indexed creator,
        Status status,
        address indexed account,
        string reason
    );

    /// @notice The owner of a parent confirmed that a child, here or elsewhere, comes from it.
    event ModelEndorsed(
        uint256 indexed parentId,
        uint256 indexed childId,
        address indexed registry,
        uint256 chainId,
        address account
    );

    /// @notice The owner of a parent withdrew an endorsement.
    event ModelEndorsementWithdrawn(
        uint256 indexed parentId,
        uint256 indexed childId,
        address indexed registry,
        uint256 chainId,
        address account
    );

    /// @notice An owner allowed an account to use a model until a time.
    event ModelUseGranted(uint256 indexed tokenId, address indexed owner, address indexed account, uint64 expires);

    /// @notice An owner took back what it had allowed.
    event ModelUseRevoked(uint256 indexed tokenId, address indexed owner, address indexed account);

    /// @notice A signer cancelled a voucher.
    event VoucherCancelled(address indexed signer, bytes32 indexed voucherHash);

    /// @notice The contract that draws the tokens was set; zero: none.
    event RendererChanged(address indexed oldRenderer, address indexed newRenderer);

    /// @notice The contract that draws the tokens can no longer change.
    event RendererLocked(address indexed renderer);

    /// @notice What `contractURI` answers changed (ERC-7572).
    event ContractURIUpdated();

    /// @notice The royalty of tokens without one of their own was set; a zero receiver means none.
    event DefaultRoyaltyChanged(address indexed receiver, uint96 basisPoints);

    /// @notice The royalty of one token was set.
    event TokenRoyaltyChanged(uint256 indexed tokenId, address indexed receiver, uint96 basisPoints);

    // --------------------------------------------------------------------------------------------------------- errors

    /// @notice Neither the digest of the model nor that of its metadata may be zero.
    error ModelProvenanceMissingDigest(bytes32 modelDigest, bytes32 metadataDigest);

    /// @notice The model is recorded already; its token id is the digest.
    error ModelProvenanceDuplicateModel(bytes32 modelDigest);

    /// @notice A text has `length` bytes, more than `maximum`.
    error ModelProvenanceTextTooLong(uint256 length, uint256 maximum);

    /// @notice The submission is not laid out in the calldata as `abi.encode` does it.
    error ModelProvenanceUnusualEncoding(bytes32 modelDigest);

    /// @notice A base model has no parents.
    error ModelProvenanceBaseWithParents(bytes32 modelDigest);

    /// @notice A version names the one before it.
    error ModelProvenanceVersionWithoutParent(bytes32 modelDigest);

    /// @notice `count` parents are more than `maximum`.
    error ModelProvenanceTooManyParents(uint256 count, uint256 maximum);

    /// @notice The parent is not recorded in this registry.
    error ModelProvenanceUnknownParent(uint256 parentId);

    /// @notice The parent is named twice.
    error ModelProvenanceDuplicateParent(uint256 parentId);

    /// @notice The parent is revoked, so nothing new may build on it.
    error ModelProvenanceRevokedParent(uint256 parentId);

    /// @notice The parent was recorded after the child: at `parentMintedAt`, later than `mintedAt`.
    error ModelProvenanceParentTooYoung(uint256 parentId, uint40 parentMintedAt, uint40 mintedAt);

    /// @notice The account is neither creator nor owner of the parent, so it may not announce its next version.
    error ModelProvenanceUnauthorizedVersion(address account, uint256 parentId);

    /// @notice The royalty is above what is allowed: above the cap, or above what it was before.
    error ModelProvenanceRoyaltyTooHigh(uint96 basisPoints, uint96 maximum);

    /// @notice The token was minted without a royalty of its own: the default royalty applies, and whom the admin named.
    error ModelProvenanceDefaultRoyalty(uint256 tokenId);

    /// @notice The account is not the creator of the model.
    error ModelProvenanceUnauthorizedCreator(address account, uint256 tokenId);

    /// @notice The account is not the owner of the token.
    error ModelProvenanceUnauthorizedOwner(address account, uint256 tokenId);

    /// @notice The account may not give the model this status.
    error ModelProvenanceUnauthorizedStatusChange(address account, uint256 tokenId);

    /// @notice The model is revoked, and that is final.
    error ModelProvenanceRevokedModel(uint256 tokenId);

    /// @notice The status was set by `holder`, and the caller is weaker: curator over creator over owner.
    error ModelProvenanceHeldStatus(uint256 tokenId, address holder);

    /// @notice The text is not UTF-8.
    error ModelProvenanceInvalidText(bytes text);

    /// @notice Token and ancestors are `needed` models, more than `maxVisits`; at least that many where gas ran short.
    error ModelProvenanceLineageTooLong(uint256 tokenId, uint256 needed, uint256 maxVisits);

    /// @notice The child cannot be named like this: chain and registry must not be zero.
    error ModelProvenanceInvalidChild(uint256 chainId, address registry, uint256 childId);

    /// @notice The child of this registry does not name the parent.
    error ModelProvenanceNotAParent(uint256 parentId, uint256 childId);

    /// @notice There is no endorsement to withdraw.
    error ModelProvenanceNotEndorsed(uint256 parentId, uint256 chainId, address registry, uint256 childId);

    /// @notice A grant needs an account, and an end in the future.
    error ModelProvenanceInvalidGrant(address account, uint64 expires);

    /// @notice The voucher expired at `deadline`.
    error ModelProvenanceExpiredVoucher(uint256 deadline);

    /// @notice The signer cancelled the voucher.
    error ModelProvenanceCancelledVoucher(address signer, bytes32 voucherHash);

    /// @notice The bytes are not a signature of the voucher.
    error ModelProvenanceInvalidSignature(bytes32 voucherHash, bytes signature);

    /// @notice Root, content digest and count of a batch must not be zero.
    error ModelProvenanceEmptyAnchor(bytes32 root, bytes32 contentDigest, uint64 count);

    /// @notice This creator anchored this root before.
    error ModelProvenanceDuplicateAnchor(bytes32 root, address creator);

    /// @notice This creator anchored no such root.
    error ModelProvenanceUnknownAnchor(bytes32 root, address creator);

    /// @notice The proof does not lead from the submission to the root.
    error ModelProvenanceInvalidProof(bytes32 root, bytes32 modelDigest);

    /// @notice The account may not set the status of the batch.
    error ModelProvenanceUnauthorizedAnchorChange(address account, bytes32 root, address creator);

    /// @notice The batch is revoked, and that is final.
    error ModelProvenanceRevokedAnchor(bytes32 root, address creator);

    /// @notice The status of the batch was set by `holder`, and the caller is weaker: curator over creator.
    error ModelProvenanceHeldAnchor(bytes32 root, address creator, address holder);

    /// @notice The transfer validator has no code.
    error ModelProvenanceInvalidTransferValidator(address validator);

    /// @notice Administration cannot be renounced while a transfer validator is set, for nobody could unset it.
    error ModelProvenanceTransferValidatorSet(address validator);

    /// @notice The renderer has no code.
    error ModelProvenanceInvalidRenderer(address renderer);

    /// @notice The renderer is locked.
    error ModelProvenanceLockedRenderer(address renderer);

    // -------------------------------------------------------------------------------------------------------- minting

    /**
     * @notice Records a model and gives its token to `to`; the caller is its creator. For minters.
     * @return tokenId The model's digest as a number.
     */
    function mintProvenanceNFT(address to, ModelSubmission calldata submission) external returns (uint256 tokenId);

    /// @notice Records many models in one transaction; the caller is their creator. For minters.
    function mintBatch(address to, ModelSubmission[] calldata submissions) external;

    /**
     * @notice Records the model of a voucher. For anybody who holds one; its signer must be a minter now.
     * @param signature 65 bytes of an ECDSA signature, or the signer's address (20 bytes) followed by its signature, which
     * is how a contract signs (ERC-1271).
     * @return tokenId The model's digest as a number.
     */
    function mintWithVoucher(MintVoucher calldata voucher, bytes calldata signature) external returns (uint256 tokenId);

    /// @notice Makes a voucher that the caller signed worthless, whatever the signature.
    function cancelVoucher(MintVoucher calldata voucher) external;

    /// @notice What the signer of a voucher signs (EIP-712).
    function hashVoucher(MintVoucher calldata voucher) external view returns (bytes32);

    // -------------------------------------------------------------------------------------------------------- batches

    /**
     * @notice Records `count` models under one Merkle root, in one slot. For minters.
     * @param root Root of a tree with a leaf `(modelDigest, keccak256(abi.encode(submission)))` for each model.
     * @param contentDigest Digest inside the CID of the directory with the submissions and their proofs.
     * @param count Number of models.
     */
    function anchorBatch(bytes32 root, bytes32 contentDigest, uint64 count) external;

    /**
     * @notice Mints the token of a model from a batch of the caller, with the time of the batch; a status that is not Active
     * comes with it, with who set it, when and why. For minters.
     * @return tokenId The model's digest as a number.
     */
    function mintAnchored(
        bytes32 root,
        address to,
        ModelSubmission calldata submission,
        bytes32[] calldata proof
    ) external returns (uint256 tokenId);

    /// @notice Sets the status of a whole batch, as `setStatus` does of a model. For its creator and for curators.
    function setAnchorStatus(bytes32 root, address creator, Status status, string calldata reason) external;

    /**
     * @notice Whether a batch holds this model with exactly this submission. Time and status: `getAnchor`.
     * @param submissionHash keccak256(abi.encode(submission)).
     */
    function isAnchored(
        bytes32 root,
        address creator,
        bytes32 modelDigest,
        bytes32 submissionHash,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice A batch; all zero where this creator anchored no such root.
    function getAnchor(bytes32 root, address creator) external view returns (Anchor memory);

    // --------------------------------------------------------------------------------------------------------- status

    /**
     * @notice Sets the status of a model, which is stored with the caller, the time and the reason. Owner, creator and
     * curators move between Active and Deprecated; creator and curators may revoke, for ever. While a model is not Active,
     * its status and the reason are overwritten by nobody weaker than who set them: curator over creator over owner. A
     * creator may revoke over the warning of a curator; what the curator said then stands behind the creator's reason.
     * @param reason At most 256 bytes of UTF-8.
     */
    function setStatus(uint256 tokenId, Status status, string calldata reason) external;

    /**
     * @notice What is said of a model now. Reverts with `ERC721NonexistentToken` where there is none.
     * @return status The status.
     * @return account Who set it; zero: nobody yet, and the model is Active.
     * @return time Unix time in seconds at which it was set.
     * @return reason Why.
     */
    function getStatus(
        uint256 tokenId
    ) external view returns (Status status, address account, uint40 time, string memory reason);

    /**
     * @notice The worst status among a token and all its ancestors in this registry.
     * @param maxVisits The largest number of models, the token included, that the caller accepts to be visited.
     * @return worst The worst status.
     * @return causeId The nearest token that has it; the token itself where all are Active.
     */
    function lineageStatus(uint256 tokenId, uint256 maxVisits) external view returns (Status worst, uint256 causeId);

    // ---------------------------------------------------------------------------------------------------- endorsement

    /// @notice Confirms that a child comes from this parent. For the parent's owner.
    function endorse(uint256 parentId, uint256 chainId, address registry, uint256 childId) external;

    /// @notice Takes an endorsement back. For the parent's owner.
    function withdrawEndorsement(uint256 parentId, uint256 chainId, address registry, uint256 childId) external;

    /// @notice Whether an owner of the parent endorsed the child and none withdrew that.
    function isEndorsed(
        uint256 parentId,
        uint256 chainId,
        address registry,
        uint256 childId
    ) external view returns (bool);

    // ------------------------------------------------------------------------------------------------------------ use

    /// @notice Allows an account to use the model before `expires`, a Unix time in seconds. For the owner.
    function grantUse(uint256 tokenId, address account, uint64 expires) external;

    /// @notice Takes back what the caller allowed. For the owner.
    function revokeUse(uint256 tokenId, address account) external;

    /// @notice Whether the account is the owner, or holds a grant of the present owner that has not expired.
    function hasAccess(uint256 tokenId, address account) external view returns (bool);

    // -------------------------------------------------------------------------------------------------------- reading

    /// @notice The record of a model. Reverts with `ERC721NonexistentToken` where there is none.
    function getModelData(uint256 tokenId) external view returns (ModelData memory);

    /// @notice The licence of a model: an SPDX expression or `LicenseRef-…`; empty where none was given.
    function viewLicense(uint256 tokenId) external view returns (string memory);

    /// @notice Where the metadata JSON of a model is: `ipfs://bafkrei…`, whatever its status.
    function metadataURI(uint256 tokenId) external view returns (string memory);

    /// @notice Metadata of the collection as a data URI (ERC-7572).
    function contractURI() external view returns (string memory);

    // -------------------------------------------------------------------------------------------------------- picture

    /// @notice The contract that draws the tokens; zero: none.
    function getRenderer() external view returns (address);

    /// @notice Replaces the contract that draws the tokens; zero: none. For the admin, until it is locked.
    function setRenderer(address renderer) external;

    /// @notice Keeps the present renderer for ever. For the admin.
    function lockRenderer() external;

    // ------------------------------------------------------------------------------------------------------ royalties

    /**
     * @notice Sets the royalty of tokens without one of their own. For the admin.
     * @param receiver Zero, with zero basis points: none.
     */
    function setDefaultRoyalty(address receiver, uint96 basisPoints) external;

    /**
     * @notice Changes the receiver of a royalty that the token was minted with, or lowers its rate; it never rises. For the
     * model's creator.
     */
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) external;

    // ------------------------------------------------------------------------------------------------------ constants

    /// @notice The role whose holders may record models.
    // solhint-disable-next-line func-name-mixedcase
    function MINTER_ROLE() external view returns (bytes32);

    /// @notice The role whose holders may set the status of any model.
    // solhint-disable-next-line func-name-mixedcase
    function CURATOR_ROLE() external view returns (bytes32);
}
