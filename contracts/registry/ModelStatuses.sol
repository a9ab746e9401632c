// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {AncestorSet} from "../libraries/AncestorSet.sol";
import {StatusRules} from "../libraries/StatusRules.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Status and recall
 * @notice What is said of a model after it was recorded, and of everything it was derived from.
 */
abstract contract ModelStatuses is ModelRecords, IERC4906 {
    using AncestorSet for AncestorSet.Node;

    /// @dev ERC-4906 fixes this number; it is not made of the interface's functions, for there are none.
    bytes4 private constant ERC4906_INTERFACE_ID = 0x49064906;

    /// @dev More gas than a visit of a model with 16 unknown parents takes.
    uint256 private constant VISIT_GAS = 150_000;

    /// @dev Written by curators only, so that nobody else pays for it.
    mapping(uint256 tokenId => bool) private _heldByCurator;

    /// @inheritdoc IModelProvenanceNFT
    function setStatus(uint256 tokenId, Status status, string calldata reason) external {
        Record storage record = _requireModel(tokenId).record;
        StatusRules.Standing memory standing = StatusRules.Standing({
            isOwner: msg.sender == _ownerOf(tokenId),
            isCreator: msg.sender == record.creator,
            isCurator: hasRole(CURATOR_ROLE, msg.sender)
        });
        StatusRules.Verdict verdict = StatusRules.decide(record.status, _heldByCurator[tokenId], status, standing);
        if (verdict == StatusRules.Verdict.Unauthorized) {
            revert ModelProvenanceUnauthorizedStatusChange(msg.sender, tokenId);
        }
        if (verdict == StatusRules.Verdict.Revoked) revert ModelProvenanceRevokedModel(tokenId);
        if (verdict == StatusRules.Verdict.Held) revert ModelProvenanceHeldByCurator(tokenId);

        record.status = status;
        if (standing.isCurator) _heldByCurator[tokenId] = StatusRules.holds(status);
        emit ModelStatusChanged(tokenId, status, msg.sender, reason);
        emit MetadataUpdate(tokenId);
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

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view virtual override(IERC165, ModelRecords) returns (bool) {
        return interfaceId == ERC4906_INTERFACE_ID || super.supportsInterface(interfaceId);
    }

    /// @dev Gives a model that was just recorded the status of the batch it comes from.
    function _takeOverStatus(uint256 tokenId, Status status, bool heldByCurator) internal {
        _requireModel(tokenId).record.status = status;
        if (heldByCurator) _heldByCurator[tokenId] = true;
        emit ModelStatusChanged(tokenId, status, msg.sender, "");
    }
}
