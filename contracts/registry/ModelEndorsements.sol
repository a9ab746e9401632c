// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Endorsements
 * @notice Anybody may claim to have built on a model; an endorsement is the parent's side of it.
 */
abstract contract ModelEndorsements is ModelRecords {
    mapping(uint256 parentId => mapping(bytes32 childHash => bool)) private _endorsed;

    /// @inheritdoc IModelProvenanceNFT
    function endorse(uint256 parentId, uint256 chainId, address registry, uint256 childId) external {
        _requireOwner(parentId);
        if (chainId == 0 || registry == address(0)) revert ModelProvenanceInvalidChild(chainId, registry, childId);
        if (chainId == block.chainid && registry == address(this)) _requireParent(parentId, childId);

        _endorsed[parentId][_hashChild(chainId, registry, childId)] = true;
        emit ModelEndorsed(parentId, childId, registry, chainId, msg.sender);
    }

    /// @inheritdoc IModelProvenanceNFT
    function withdrawEndorsement(uint256 parentId, uint256 chainId, address registry, uint256 childId) external {
        _requireOwner(parentId);
        bytes32 childHash = _hashChild(chainId, registry, childId);
        if (!_endorsed[parentId][childHash]) {
            revert ModelProvenanceNotEndorsed(parentId, chainId, registry, childId);
        }

        delete _endorsed[parentId][childHash];
        emit ModelEndorsementWithdrawn(parentId, childId, registry, chainId, msg.sender);
    }

    /// @inheritdoc IModelProvenanceNFT
    function isEndorsed(
        uint256 parentId,
        uint256 chainId,
        address registry,
        uint256 childId
    ) external view returns (bool) {
        return _endorsed[parentId][_hashChild(chainId, registry, childId)];
    }

    function _requireParent(uint256 parentId, uint256 childId) private view {
        Model storage child = _requireModel(childId);
        uint256 count = child.record.parentCount;
        for (uint256 i = 0; i < count; ++i) {
            if (child.parents[i] == parentId) return;
        }
        revert ModelProvenanceNotAParent(parentId, childId);
    }

    function _hashChild(uint256 chainId, address registry, uint256 childId) private pure returns (bytes32) {
        return keccak256(abi.encode(chainId, registry, childId));
    }
}
