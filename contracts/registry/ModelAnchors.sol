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

    /// @dev One slot; the statement is written with a status only.
    struct Batch {
        uint40 anchoredAt;
        uint64 count;
        Status status;
        Statement statement;
    }

    mapping(bytes32 root => mapping(address creator => Batch)) private _batches;

    /// @inheritdoc IModelProvenanceNFT
    function anchorBatch(bytes32 root, bytes32 contentDigest, uint64 count) external onlyRole(MINTER_ROLE) {
        if (root == 0 || contentDigest == 0 || count == 0) {
            revert ModelProvenanceEmptyAnchor(root, contentDigest, count);
        }
        Batch storage batch = _batches[root][msg.sender];
        if (batch.anchoredAt != 0) revert ModelProvenanceDuplicateAnchor(root, msg.sender);

        batch.anchoredAt = uint40(block.timestamp);
        batch.count = count;
        emit BatchAnchored(root, msg.sender, contentDigest, count);
    }

    /// @inheritdoc IModelProvenanceNFT
    function mintAnchored(
        bytes32 root,
        address to,
        ModelSubmission calldata submission,
        bytes32[] calldata proof
    ) external onlyRole(MINTER_ROLE) returns (uint256 tokenId) {
        Batch storage batch = _requireBatch(root, msg.sender);
        Status status = batch.status;
        if (status == Status.Revoked) revert ModelProvenanceRevokedAnchor(root, msg.sender);
        submission.check();
        bytes32 leaf = _hashLeaf(submission.modelDigest, submission.hash());
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) {
            revert ModelProvenanceInvalidProof(root, submission.modelDigest);
        }

        tokenId = _recordModel(msg.sender, batch.anchoredAt, submission);
        // What is said of the batch is said of its model: minting one is no way out of it.
        if (status != Status.Active) _takeOver(tokenId, status, batch.statement);
        _deliver(to, tokenId);
    }

    /// @inheritdoc IModelProvenanceNFT
    function setAnchorStatus(bytes32 root, address creator, Status status, string calldata reason) external {
        Batch storage batch = _requireBatch(root, creator);
        Statement storage statement = batch.statement;
        StatusRules.Strength strength = StatusRules.strengthOf(
            false,
            msg.sender == creator,
            hasRole(CURATOR_ROLE, msg.sender)
        );
        StatusRules.Verdict verdict = StatusRules.decide(batch.status, statement.strength, status, strength);
        if (verdict == StatusRules.Verdict.Unauthorized) {
            revert ModelProvenanceUnauthorizedAnchorChange(msg.sender, root, creator);
        }
        if (verdict == StatusRules.Verdict.Revoked) revert ModelProvenanceRevokedAnchor(root, creator);
        if (verdict == StatusRules.Verdict.Held) {
            revert ModelProvenanceHeldAnchor(root, creator, statement.account);
        }

        batch.status = status;
        _writeStatement(statement, strength, reason, verdict == StatusRules.Verdict.Added);
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
            _batches[root][creator].anchoredAt != 0 &&
            MerkleProof.verifyCalldata(proof, root, _hashLeaf(modelDigest, submissionHash));
    }

    /// @inheritdoc IModelProvenanceNFT
    function getAnchor(bytes32 root, address creator) external view returns (Anchor memory) {
        Batch storage batch = _batches[root][creator];
        Statement storage statement = batch.statement;
        return
            Anchor({
                anchoredAt: batch.anchoredAt,
                count: batch.count,
                status: batch.status,
                account: statement.account,
                time: statement.time,
                reason: statement.reason
            });
    }

    function _requireBatch(bytes32 root, address creator) private view returns (Batch storage batch) {
        batch = _batches[root][creator];
        if (batch.anchoredAt == 0) revert ModelProvenanceUnknownAnchor(root, creator);
    }

    /// @dev The leaf of OpenZeppelin's StandardMerkleTree: hashed twice, so that no inner node passes for a leaf.
    function _hashLeaf(bytes32 modelDigest, bytes32 submissionHash) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(modelDigest, submissionHash))));
    }
}
