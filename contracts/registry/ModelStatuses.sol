// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {AncestorSet} from "../libraries/AncestorSet.sol";
import {StatusRules} from "../libraries/StatusRules.sol";
import {Utf8} from "../libraries/Utf8.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Status and recall
 * @notice What is said of a model after it was recorded, and of everything it was derived from.
 */
abstract contract ModelStatuses is ModelRecords {
    using AncestorSet for AncestorSet.Node;

    /// @dev Who set a status, when and why; the status itself stands in the slot that a mint reads of a parent.
    struct Statement {
        address account;
        uint40 time;
        StatusRules.Strength strength;
        string reason;
    }

    /// @dev More gas than a visit of a model with 16 unknown parents takes.
    uint256 private constant VISIT_GAS = 150_000;

    uint256 private constant MAX_REASON_LENGTH = 256;

    /// @dev Written with a status only, so that no mint pays for it.
    mapping(uint256 tokenId => Statement) private _statements;

    /// @inheritdoc IModelProvenanceNFT
    function setStatus(uint256 tokenId, Status status, string calldata reason) external {
        Record storage record = _requireModel(tokenId).record;
        Statement storage statement = _statements[tokenId];
        StatusRules.Strength strength = StatusRules.strengthOf(
            msg.sender == _ownerOf(tokenId),
            msg.sender == record.creator,
            hasRole(CURATOR_ROLE, msg.sender)
        );
        StatusRules.Verdict verdict = StatusRules.decide(record.status, statement.strength, status, strength);
        if (verdict == StatusRules.Verdict.Unauthorized) {
            revert ModelProvenanceUnauthorizedStatusChange(msg.sender, tokenId);
        }
        if (verdict == StatusRules.Verdict.Revoked) revert ModelProvenanceRevokedModel(tokenId);
        if (verdict == StatusRules.Verdict.Held) revert ModelProvenanceHeldStatus(tokenId, statement.account);

        record.status = status;
        _writeStatement(statement, strength, reason, verdict == StatusRules.Verdict.Added);
        emit ModelStatusChanged(tokenId, status, msg.sender, reason);
        emit MetadataUpdate(tokenId);
    }

    /// @inheritdoc IModelProvenanceNFT
    function getStatus(
        uint256 tokenId
    ) external view returns (Status status, address account, uint40 time, string memory reason) {
        status = _requireModel(tokenId).record.status;
        Statement storage statement = _statements[tokenId];
        return (status, statement.account, statement.time, statement.reason);
    }

    /// @inheritdoc IModelProvenanceNFT
    function lineageStatus(uint256 tokenId, uint256 maxVisits) external view returns (Status worst, uint256 causeId) {
        _requireModel(tokenId);
        causeId = tokenId;
        AncestorSet.Node root = AncestorSet.create(tokenId);
        AncestorSet.Node last = root;
        uint256 found = 1;

        // The walk always goes to the end: a verdict on part of the ancestry would be worse than none, and a caller
        // that allowed too few visits learns how many it takes.
        for (AncestorSet.Node node = root; node.exists(); node = node.next()) {
            if (gasleft() < VISIT_GAS) revert ModelProvenanceLineageTooLong(tokenId, found, maxVisits);

            Model storage model = _requireModel(node.idOf());
            Status status = model.record.status;
            if (status > worst) (worst, causeId) = (status, node.idOf());

            uint256 count = model.record.parentCount;
            for (uint256 i = 0; i < count; ++i) {
                bool added;
                (last, added) = root.add(last, model.parents[i]);
                if (added) ++found;
            }
        }
        if (found > maxVisits) revert ModelProvenanceLineageTooLong(tokenId, found, maxVisits);
    }

    /// @dev Gives a model that was just recorded what was said of the batch it comes from.
    function _takeOver(uint256 tokenId, Status status, Statement storage statement) internal {
        _requireModel(tokenId).record.status = status;
        _statements[tokenId] = statement;
        emit ModelStatusChanged(tokenId, status, statement.account, statement.reason);
    }

    /**
     * @dev Stores what the caller says, in words that everybody can read; added to what a curator said where a creator
     * revokes over it.
     */
    function _writeStatement(
        Statement storage statement,
        StatusRules.Strength strength,
        string calldata reason,
        bool isAdded
    ) internal {
        uint256 length = bytes(reason).length;
        if (length > MAX_REASON_LENGTH) revert ModelProvenanceTextTooLong(length, MAX_REASON_LENGTH);
        if (!Utf8.isValid(bytes(reason))) revert ModelProvenanceInvalidText(bytes(reason));

        if (isAdded) statement.reason = string.concat(reason, "; a curator before: ", statement.reason);
        else statement.reason = reason;
        statement.account = msg.sender;
        statement.time = uint40(block.timestamp);
        statement.strength = strength;
    }
}
