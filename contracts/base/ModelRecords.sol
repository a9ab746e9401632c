// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {IModelProvenanceNFT} from "../interfaces/IModelProvenanceNFT.sol";
import {ModelTerms} from "../libraries/ModelTerms.sol";

/**
 * @title The records
 * @notice Writes a record once, together with its token, and reads it. Only the status can change afterwards.
 */
abstract contract ModelRecords is IModelProvenanceNFT, ERC721, ERC2981, AccessControlDefaultAdminRules {
    using ModelTerms for ModelTerms.Table;
    using ShortStrings for ShortString;

    /// @dev Exactly one storage slot.
    struct Record {
        address creator;
        uint40 mintedAt;
        uint32 termsId;
        Relation relation;
        Status status;
        uint8 parentCount;
    }

    /// @dev Slots that are not given are not written, and a slot that is not written costs nothing.
    struct Model {
        Record record;
        bytes32 metadataDigest;
        bytes32 datasetDigest;
        ShortString performanceMetrics;
        uint256[16] parents;
    }

    /// @inheritdoc IModelProvenanceNFT
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @inheritdoc IModelProvenanceNFT
    bytes32 public constant CURATOR_ROLE = keccak256("CURATOR_ROLE");

    uint256 private constant MAX_PARENTS = 16;
    uint256 private constant MAX_TEXT_LENGTH = 64;
    uint256 private constant MAX_METRICS_LENGTH = 31;
    uint96 private constant MAX_ROYALTY_BASIS_POINTS = 1_000;

    mapping(uint256 tokenId => Model) private _models;
    ModelTerms.Table private _terms;

    /// @inheritdoc IModelProvenanceNFT
    function getModelData(uint256 tokenId) external view returns (ModelData memory) {
        Model storage model = _requireModel(tokenId);
        Record memory record = model.record;
        ModelTerms.Terms memory terms = _terms.get(record.termsId);
        return
            ModelData({
                creator: record.creator,
                mintedAt: record.mintedAt,
                relation: record.relation,
                status: record.status,
                parents: _parentsOf(model, record.parentCount),
                datasetDigest: model.datasetDigest,
                metadataDigest: model.metadataDigest,
                framework: terms.framework,
                license: terms.license,
                performanceMetrics: model.performanceMetrics.toString()
            });
    }

    /// @inheritdoc IModelProvenanceNFT
    function viewLicense(uint256 tokenId) external view returns (string memory) {
        return _terms.get(_requireModel(tokenId).record.termsId).license;
    }

    /// @inheritdoc IModelProvenanceNFT
    function setDefaultRoyalty(address receiver, uint96 basisPoints) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _changeDefaultRoyalty(receiver, basisPoints);
    }

    /// @inheritdoc IModelProvenanceNFT
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) external {
        if (_requireModel(tokenId).record.creator != msg.sender) {
            revert ModelProvenanceUnauthorizedCreator(msg.sender, tokenId);
        }
        // Asking for the royalty of a sale at the denominator's price gives the rate that applies now.
        (, uint256 rate) = royaltyInfo(tokenId, _feeDenominator());
        _changeTokenRoyalty(tokenId, receiver, basisPoints, uint96(rate));
    }

    /// @inheritdoc ERC721
    function supportsInterface(
        bytes4 interfaceId
    ) public view virtual override(ERC721, ERC2981, AccessControlDefaultAdminRules) returns (bool) {
        return interfaceId == type(IModelProvenanceNFT).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Records a model and mints its token. The receiver is called last, when nothing is left to be done.
    function _mintModel(
        address to,
        address creator,
        uint40 mintedAt,
        Status status,
        ModelSubmission calldata submission
    ) internal returns (uint256 tokenId) {
        _checkDigests(submission);
        tokenId = uint256(submission.modelDigest);

        _linkParents(tokenId, creator, mintedAt, submission);
        _writeRecord(tokenId, creator, mintedAt, status, submission);
        if (submission.royaltyReceiver != address(0) || submission.royaltyBasisPoints != 0) {
            _changeTokenRoyalty(
                tokenId,
                submission.royaltyReceiver,
                submission.royaltyBasisPoints,
                MAX_ROYALTY_BASIS_POINTS
            );
        }
        _safeMint(to, tokenId);
    }

    /// @dev Sets the default royalty, or none.
    function _changeDefaultRoyalty(address receiver, uint96 basisPoints) internal {
        _checkRoyalty(basisPoints, MAX_ROYALTY_BASIS_POINTS);
        if (receiver == address(0) && basisPoints == 0) _deleteDefaultRoyalty();
        else _setDefaultRoyalty(receiver, basisPoints);
        emit DefaultRoyaltyChanged(receiver, basisPoints);
    }

    /// @dev The model, which must be recorded.
    function _requireModel(uint256 tokenId) internal view returns (Model storage model) {
        model = _models[tokenId];
        if (model.record.creator == address(0)) revert ERC721NonexistentToken(tokenId);
    }

    /// @dev Refuses a submission without its digests, and a model that is recorded already.
    function _checkDigests(ModelSubmission calldata submission) private view {
        if (submission.modelDigest == 0) revert ModelProvenanceMissingDigest("modelDigest");
        if (submission.metadataDigest == 0) revert ModelProvenanceMissingDigest("metadataDigest");
        if (_ownerOf(uint256(submission.modelDigest)) != address(0)) {
            revert ModelProvenanceDuplicateModel(submission.modelDigest);
        }
    }

    /// @dev Checks and writes the parents. They must exist, so there is no cycle; they are older, so time agrees.
    function _linkParents(
        uint256 tokenId,
        address creator,
        uint40 mintedAt,
        ModelSubmission calldata submission
    ) private {
        uint256[] calldata parents = submission.parents;
        if (parents.length == 0) {
            emit ModelInitialized(tokenId, submission.baseModelDigest, creator);
            return;
        }
        if (parents.length > MAX_PARENTS) revert ModelProvenanceTooManyParents(parents.length, MAX_PARENTS);
        if (submission.relation == Relation.Base) revert ModelProvenanceBaseWithParents(submission.modelDigest);

        Model storage model = _models[tokenId];
        for (uint256 i = 0; i < parents.length; ++i) {
            uint256 parentId = parents[i];
            for (uint256 j = 0; j < i; ++j) {
                if (parents[j] == parentId) revert ModelProvenanceDuplicateParent(parentId);
            }
            _checkParent(parentId, creator, mintedAt, submission.relation);
            model.parents[i] = parentId;

            emit ModelFineTuned(tokenId, parentId, submission.relation, submission.datasetDigest);
            if (submission.relation == Relation.Version) {
                emit ModelVersionMinted(tokenId, parentId, submission.version);
            }
        }
    }

    /// @dev Writes what was given, each slot once, and emits it. Every text is read from the calldata once.
    function _writeRecord(
        uint256 tokenId,
        address creator,
        uint40 mintedAt,
        Status status,
        ModelSubmission calldata submission
    ) private {
        uint256[] calldata parents = submission.parents;
        string calldata framework = submission.framework;
        string calldata license = submission.license;
        string calldata performanceMetrics = submission.performanceMetrics;
        string calldata version = submission.version;
        if (bytes(framework).length > MAX_TEXT_LENGTH) _revertTooLong("framework", framework, MAX_TEXT_LENGTH);
        if (bytes(license).length > MAX_TEXT_LENGTH) _revertTooLong("license", license, MAX_TEXT_LENGTH);
        if (bytes(version).length > MAX_TEXT_LENGTH) _revertTooLong("version", version, MAX_TEXT_LENGTH);
        if (bytes(performanceMetrics).length > MAX_METRICS_LENGTH) {
            _revertTooLong("performanceMetrics", performanceMetrics, MAX_METRICS_LENGTH);
        }

        uint32 termsId = _terms.intern(framework, license);
        Relation relation = submission.relation;
        Model storage model = _models[tokenId];
        model.metadataDigest = submission.metadataDigest;
        if (submission.datasetDigest != 0) model.datasetDigest = submission.datasetDigest;
        if (bytes(performanceMetrics).length != 0) {
            // A short string as OpenZeppelin lays it out: the text, and its length in the last byte.
            model.performanceMetrics = ShortString.wrap(
                bytes32(bytes(performanceMetrics)) | bytes32(bytes(performanceMetrics).length)
            );
        }
        Record storage record = model.record;
        record.creator = creator;
        record.mintedAt = mintedAt;
        record.termsId = termsId;
        record.relation = relation;
        record.status = status;
        record.parentCount = uint8(parents.length);

        emit ProvenanceDataRecorded(
            tokenId,
            creator,
            submission.weightsDigest,
            submission.manifestRoot,
            submission.datasetDigest,
            submission.metadataDigest,
            mintedAt,
            relation,
            parents,
            framework,
            license,
            performanceMetrics,
            version
        );
    }

    function _changeTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints, uint96 maximum) private {
        _checkRoyalty(basisPoints, maximum);
        _setTokenRoyalty(tokenId, receiver, basisPoints);
        emit TokenRoyaltyChanged(tokenId, receiver, basisPoints);
    }

    function _checkParent(uint256 parentId, address creator, uint40 mintedAt, Relation relation) private view {
        Record memory parent = _models[parentId].record;
        if (parent.creator == address(0)) revert ModelProvenanceUnknownParent(parentId);
        if (parent.status == Status.Revoked) revert ModelProvenanceRevokedParent(parentId);
        if (parent.mintedAt > mintedAt) revert ModelProvenanceParentTooYoung(parentId, parent.mintedAt, mintedAt);
        if (relation == Relation.Version && parent.creator != creator && _ownerOf(parentId) != creator) {
            revert ModelProvenanceUnauthorizedVersion(creator, parentId);
        }
    }

    function _parentsOf(Model storage model, uint256 count) private view returns (uint256[] memory parents) {
        parents = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) parents[i] = model.parents[i];
    }

    function _revertTooLong(string memory field, string calldata text, uint256 maximum) private pure {
        revert ModelProvenanceTextTooLong(field, bytes(text).length, maximum);
    }

    function _checkRoyalty(uint96 basisPoints, uint96 maximum) private pure {
        if (basisPoints > maximum) revert ModelProvenanceRoyaltyTooHigh(basisPoints, maximum);
    }
}
