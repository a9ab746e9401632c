// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {StatusRules} from "../libraries/StatusRules.sol";
import {Submissions} from "../libraries/Submissions.sol";
import {ModelStatuses} from "./ModelStatuses.sol";

/**
 * @title Anchored batches
 * @notice Thousands of models under one Merkle root in one slot. Each is provably recorded from that block on, and its
 * token can be minted later, with the batch's time. Batches are kept under root and creator, so whoever copies a root
 * gains nothing.
 */
abstract contract ModelAnchors is ModelStatuses {
    using Submissions for ModelSubmission;

    mapping(bytes32 root => mapping(address creator => Anchor)) private _anchors;

    /// @inheritdoc IModelProvenanceNFT
    function anchorBatch(bytes32 root, bytes32 contentDigest, uint64 count) external onlyRole(MINTER_ROLE) {
        if (root == 0 || contentDigest == 0 || count == 0) {
            revert ModelProvenanceEmptyAnchor(root, contentDigest, count);
        }
        if (_anchors[root][msg.sender].anchoredAt != 0) revert ModelProvenanceDuplicateAnchor(root, msg.sender);

        _anchors[root][msg.sender] = Anchor({
            anchoredAt: uint40(block.timestamp),
            count: count,
            status: Status.Active,
            heldByCurator: false
        });
        emit BatchAnchored(root, msg.sender, contentDigest, count);
    }

    /// @inheritdoc IModelProvenanceNFT
    function mintAnchored(
        bytes32 root,
        address to,
        ModelSubmission calldata submission,
        bytes32[] calldata proof
    ) external onlyRole(MINTER_ROLE) returns (uint256 tokenId) {
        Anchor storage anchor = _requireAnchor(root, msg.sender);
        if (anchor.status == Status.Revoked) revert ModelProvenanceRevokedAnchor(root, msg.sender);
        bytes32 leaf = _hashLeaf(submission.modelDigest, submission.hash());
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) {
            revert ModelProvenanceInvalidProof(root, submission.modelDigest);
        }

        tokenId = _recordModel(msg.sender, anchor.anchoredAt, submission);
        // What is said of the batch is said of its model: minting one is no way out of it.
        if (anchor.status != Status.Active) _takeOverStatus(tokenId, anchor.status, anchor.heldByCurator);
        _deliver(to, tokenId);
    }

    /// @inheritdoc IModelProvenanceNFT
    function setAnchorStatus(bytes32 root, address creator, Status status, string calldata reason) external {
        Anchor storage anchor = _requireAnchor(root, creator);
        StatusRules.Standing memory standing = StatusRules.Standing({
            isOwner: false,
            isCreator: msg.sender == creator,
            isCurator: hasRole(CURATOR_ROLE, msg.sender)
        });
        StatusRules.Verdict verdict = StatusRules.decide(anchor.status, anchor.heldByCurator, status, standing);
        if (verdict == StatusRules.Verdict.Unauthorized) {
            revert ModelProvenanceUnauthorizedAnchorChange(msg.sender, root, creator);
        }
        if (verdict == StatusRules.Verdict.Revoked) revert ModelProvenanceRevokedAnchor(root, creator);
        if (verdict == StatusRules.Verdict.Held) revert ModelProvenanceAnchorHeldByCurator(root, creator);

        anchor.status = status;
        if (standing.isCurator) anchor.heldByCurator = StatusRules.holds(status);
        emit AnchorStatusChanged(root, creator, status, msg.sender, reason);
    }

    /// @inheritdoc IModelProvenanceNFT
    function isAnchored(
        bytes32 root,
        address creator,
        bytes32 modelDigest,
        bytes32 submissionHash,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return
            _anchors[root][creator].anchoredAt != 0 &&
            MerkleProof.verifyCalldata(proof, root, _hashLeaf(modelDigest, submissionHash));
    }

    /// @inheritdoc IModelProvenanceNFT
    function getAnchor(bytes32 root, address creator) external view returns (Anchor memory) {
        return _anchors[root][creator];
    }

    function _requireAnchor(bytes32 root, address creator) private view returns (Anchor storage anchor) {
        anchor = _anchors[root][creator];
        if (anchor.anchoredAt == 0) revert ModelProvenanceUnknownAnchor(root, creator);
    }

    /// @dev The leaf of OpenZeppelin's StandardMerkleTree: hashed twice, so that no inner node passes for a leaf.
    function _hashLeaf(bytes32 modelDigest, bytes32 submissionHash) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(modelDigest, submissionHash))));
    }
}
