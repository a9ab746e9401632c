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
    event ModelInitialized(uint256 indexed tokenId, bytes32 indexed baseModelDigest, address indexed creator);

    /// @notice A model was recorded as derived from a parent in this registry; once for each parent.
    event ModelFineTuned(uint256 indexed tokenId, uint256 indexed parentId, Relation relation, bytes32 datasetDigest);

    /// @notice A model was recorded as the next version of another, by the creator or owner of that one.
    event ModelVersionMinted(uint256 indexed tokenId, uint256 indexed previousId, string version);

    /// @notice The status of a model was set.
    event ModelStatusChanged(uint256 indexed tokenId, Status status, address indexed account, string reason);

    /// @notice The royalty of tokens without one of their own was set; a zero receiver means none.
    event DefaultRoyaltyChanged(address indexed receiver, uint96 basisPoints);

    /// @notice The royalty of one token was set.
    event TokenRoyaltyChanged(uint256 indexed tokenId, address indexed receiver, uint96 basisPoints);

    // --------------------------------------------------------------------------------------------------------- errors

    /// @notice The digest named by `field` must not be zero.
    error ModelProvenanceMissingDigest(string field);

    /// @notice The model is recorded already; its token id is the digest.
    error ModelProvenanceDuplicateModel(bytes32 modelDigest);

    /// @notice The text named by `field` has `length` bytes, more than `maximum`.
    error ModelProvenanceTextTooLong(string field, uint256 length, uint256 maximum);

    /// @notice A base model has no parents.
    error ModelProvenanceBaseWithParents(bytes32 modelDigest);

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

    /// @notice The account is not the creator of the model.
    error ModelProvenanceUnauthorizedCreator(address account, uint256 tokenId);

    // -------------------------------------------------------------------------------------------------------- minting

    /**
     * @notice Records a model and gives its token to `to`; the caller is its creator. For minters.
     * @return tokenId The model's digest as a number.
     */
    function mintProvenanceNFT(address to, ModelSubmission calldata submission) external returns (uint256 tokenId);

    // -------------------------------------------------------------------------------------------------------- reading

    /// @notice The record of a model. Reverts with `ERC721NonexistentToken` where there is none.
    function getModelData(uint256 tokenId) external view returns (ModelData memory);

    /// @notice The licence of a model: an SPDX expression or `LicenseRef-…`; empty where none was given.
    function viewLicense(uint256 tokenId) external view returns (string memory);

    /// @notice Where the metadata JSON of a model is: `ipfs://bafkrei…`, whatever its status.
    function metadataURI(uint256 tokenId) external view returns (string memory);

    // ------------------------------------------------------------------------------------------------------ royalties

    /**
     * @notice Sets the royalty of tokens without one of their own. For the admin.
     * @param receiver Zero, with zero basis points: none.
     */
    function setDefaultRoyalty(address receiver, uint96 basisPoints) external;

    /// @notice Changes the receiver of a token's royalty or lowers its rate; it never rises. For the model's creator.
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) external;

    // ------------------------------------------------------------------------------------------------------ constants

    /// @notice The role whose holders may record models.
    // solhint-disable-next-line func-name-mixedcase
    function MINTER_ROLE() external view returns (bytes32);

    /// @notice The role whose holders may set the status of any model.
    // solhint-disable-next-line func-name-mixedcase
    function CURATOR_ROLE() external view returns (bytes32);
}
