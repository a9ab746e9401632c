// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Usage grants
 * @notice Lets an owner admit others to a model. A grant is kept under the owner that gave it, so a transfer ends all of
 * them without a loop or a write; those that have not expired live again if that owner gets the token back.
 */
abstract contract ModelUse is ModelRecords {
    mapping(uint256 tokenId => mapping(address owner => mapping(address account => uint64 expires))) private _grants;

    /// @inheritdoc IModelProvenanceNFT
    function grantUse(uint256 tokenId, address account, uint64 expires) external {
        _requireOwner(tokenId);
        if (account == address(0) || expires <= block.timestamp) revert ModelProvenanceInvalidGrant(account, expires);

        _grants[tokenId][msg.sender][account] = expires;
        emit ModelUseGranted(tokenId, msg.sender, account, expires);
    }

    /// @inheritdoc IModelProvenanceNFT
    function revokeUse(uint256 tokenId, address account) external {
        _requireOwner(tokenId);

        delete _grants[tokenId][msg.sender][account];
        emit ModelUseRevoked(tokenId, msg.sender, account);
    }

    /// @inheritdoc IModelProvenanceNFT
    function hasAccess(uint256 tokenId, address account) external view returns (bool) {
        address owner = _requireOwned(tokenId);
        return account == owner || block.timestamp < _grants[tokenId][owner][account];
    }
}
