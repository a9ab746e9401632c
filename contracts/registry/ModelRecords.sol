// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {ModelTerms} from "../libraries/ModelTerms.sol";
import {Submissions} from "../libraries/Submissions.sol";

/**
 * @title The records
 * @notice Writes a record once, together with its token, and reads it. Only the status can change afterwards.
 * @dev Whatever knows `supportsInterface` meets here, so that it is overridden here and once more where the contract is whole.
 */
abstract contract ModelRecords is IModelProvenanceNFT, IERC2981, IERC4906, ERC721, AccessControlDefaultAdminRules {
    using ModelTerms for ModelTerms.Table;
    using ShortStrings for ShortString;
    using Submissions for ModelSubmission;

    /// @dev Exactly one storage slot.
    struct Record {
        address creator;
        uint40 mintedAt;
        uint32 termsId;
        Relation relation;
        Status status;
        uint8 parentCount;
    }

    /// @dev What is not given is not written, and a slot that is not written costs nothing.
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

    mapping(uint256 tokenId => Model) private _models;
    ModelTerms.Table private _terms;

    /// @inheritdoc IModelProvenanceNFT
    function getModelData(uint256 tokenId) external view returns (ModelData memory data) {
        Model storage model = _requireModel(tokenId);
        data.creator = model.record.creator;
        data.mintedAt = model.record.mintedAt;
        data.relation = model.record.relation;
        data.status = model.record.status;
        data.parents = new uint256[](model.record.parentCount);
        for (uint256 i = 0; i < data.parents.length; ++i) data.parents[i] = model.parents[i];
        data.datasetDigest = model.datasetDigest;
        data.metadataDigest = model.metadataDigest;
        (data.framework, data.license) = _terms.get(model.record.termsId);
        data.performanceMetrics = model.performanceMetrics.toString();
    }

    /// @inheritdoc IModelProvenanceNFT
    function viewLicense(uint256 tokenId) external view returns (string memory license) {
        (, license) = _terms.get(_requireModel(tokenId).record.termsId);
    }

    /// @inheritdoc IERC165
    function supportsInterface(
        bytes4 interfaceId
    ) public view virtual override(IERC165, ERC721, AccessControlDefaultAdminRules) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    /// @dev Records a model and mints its token. The receiver is called last, when nothing is left to be done.
    function _mintModel(
        address to,
        address creator,
        ModelSubmission calldata submission
    ) internal returns (uint256 tokenId) {
        submission.check();
        tokenId = _recordModel(creator, uint40(block.timestamp), submission);
        _deliver(to, tokenId);
    }

    /// @dev As `_safeMint`, without preparing the call that an account without code does not get.
    function _deliver(address to, uint256 tokenId) internal {
        _mint(to, tokenId);
        if (to.code.length != 0) ERC721Utils.checkOnERC721Received(msg.sender, address(0), to, tokenId, "");
    }

    /// @dev Records a model of a submission that was checked; its token must then be minted.
    function _recordModel(
        address creator,
        uint40 mintedAt,
        ModelSubmission calldata submission
    ) internal returns (uint256 tokenId) {
        tokenId = uint256(submission.modelDigest);
        if (tokenId == 0 || submission.metadataDigest == 0) {
            revert ModelProvenanceMissingDigest(bytes32(tokenId), submission.metadataDigest);
        }
        Model storage model = _models[tokenId];
        // Every record has a time.
        if (model.record.mintedAt != 0) revert ModelProvenanceDuplicateModel(bytes32(tokenId));

        _writeRecord(model, tokenId, creator, mintedAt, submission);
        if (submission.hasRoyalty()) {
            _recordRoyalty(tokenId, submission.royaltyReceiver, submission.royaltyBasisPoints);
        }
    }

    /// @dev Gives a token that is not yet minted the royalty that its submission asks for.
    function _recordRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) internal virtual;

    /// @dev The model, which must be recorded.
    function _requireModel(uint256 tokenId) internal view returns (Model storage model) {
        model = _models[tokenId];
        if (model.record.creator == address(0)) revert ERC721NonexistentToken(tokenId);
    }

    /// @dev Reverts unless the caller owns the token; an approved operator is not enough to speak for it.
    function _requireOwner(uint256 tokenId) internal view {
        if (_requireOwned(tokenId) != msg.sender) revert ModelProvenanceUnauthorizedOwner(msg.sender, tokenId);
    }

    /// @dev Checks and writes the parents. They must exist, so there is no cycle; they are older, so time agrees.
    function _linkParents(
        Model storage model,
        uint256 tokenId,
        address creator,
        uint40 mintedAt,
        ModelSubmission calldata submission
    ) private {
        uint256[] calldata parents = submission.parentsOf();
        Relation relation = submission.relation;
        if (relation == Relation.Base) revert ModelProvenanceBaseWithParents(bytes32(tokenId));

        for (uint256 i = 0; i < parents.length; ++i) {
            uint256 parentId = parents[i];
            for (uint256 j = 0; j < i; ++j) {
                if (parents[j] == parentId) revert ModelProvenanceDuplicateParent(parentId);
            }
            _checkParent(parentId, creator, mintedAt, relation);
            model.parents[i] = parentId;

            emit ModelFineTuned(tokenId, parentId, relation, submission.datasetDigest);
            if (relation == Relation.Version) emit ModelVersionMinted(tokenId, parentId, submission.versionOf());
        }
    }

    /// @dev Writes what was given, each slot once, and emits all of it.
    function _writeRecord(
        Model storage model,
        uint256 tokenId,
        address creator,
        uint40 mintedAt,
        ModelSubmission calldata submission
    ) private {
        if (submission.parentsOf().length == 0) emit ModelInitialized(tokenId, submission.baseModelDigest, creator);
        else _linkParents(model, tokenId, creator, mintedAt, submission);

        uint32 termsId = _terms.intern(submission.frameworkOf(), submission.licenseOf());
        Relation relation = submission.relation;
        model.metadataDigest = submission.metadataDigest;
        if (submission.datasetDigest != 0) model.datasetDigest = submission.datasetDigest;
        string calldata performanceMetrics = submission.performanceMetricsOf();
        if (bytes(performanceMetrics).length != 0) model.performanceMetrics = _toShortString(performanceMetrics);

        // The fields of `Record` at once, for the compiler would read and write their slot up to three times. Its status,
        // Active, is zero.
        uint256 slot = (uint256(relation) << 232) | (submission.parentsOf().length << 248);
        // Only its creator or owner announces the next version of a model, so a version must name it: here, where one
        // comparison sees both.
        if (slot == uint256(Relation.Version) << 232) revert ModelProvenanceVersionWithoutParent(bytes32(tokenId));
        slot |= uint160(creator) | (uint256(mintedAt) << 160) | (uint256(termsId) << 200);
        assembly ("memory-safe") {
            sstore(model.slot, slot)
        }
        submission.emitRecorded(tokenId, creator, mintedAt, relation);
    }

    function _checkParent(uint256 parentId, address creator, uint40 mintedAt, Relation relation) private view {
        Record storage parent = _models[parentId].record;
        if (parent.creator == address(0)) revert ModelProvenanceUnknownParent(parentId);
        if (parent.status == Status.Revoked) revert ModelProvenanceRevokedParent(parentId);
        if (parent.mintedAt > mintedAt) revert ModelProvenanceParentTooYoung(parentId, parent.mintedAt, mintedAt);
        if (relation == Relation.Version && parent.creator != creator && _ownerOf(parentId) != creator) {
            revert ModelProvenanceUnauthorizedVersion(creator, parentId);
        }
    }

    /// @dev As `ShortStrings.toShortString`, of at most 31 bytes, without a copy in memory.
    function _toShortString(string calldata text) private pure returns (ShortString short) {
        assembly ("memory-safe") {
            let padding := shr(shl(3, text.length), not(0))
            short := or(and(calldataload(text.offset), not(padding)), text.length)
        }
    }
}
