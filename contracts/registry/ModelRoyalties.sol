// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";

/**
 * @title Royalties
 * @notice ERC-2981 with a cap. What a buyer was promised never gets worse: a token's own rate only falls.
 */
abstract contract ModelRoyalties is IModelProvenanceNFT, ERC2981, AccessControlDefaultAdminRules {
    uint96 private constant MAX_ROYALTY_BASIS_POINTS = 1_000;

    /// @inheritdoc IModelProvenanceNFT
    function setDefaultRoyalty(address receiver, uint96 basisPoints) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _changeDefaultRoyalty(receiver, basisPoints);
    }

    /// @inheritdoc IModelProvenanceNFT
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) external {
        if (_creatorOf(tokenId) != msg.sender) revert ModelProvenanceUnauthorizedCreator(msg.sender, tokenId);

        // The royalty of a sale at the denominator's price is the rate that applies now.
        (, uint256 rate) = royaltyInfo(tokenId, _feeDenominator());
        _changeTokenRoyalty(tokenId, receiver, basisPoints, uint96(rate));
    }

    /// @inheritdoc ERC2981
    function supportsInterface(
        bytes4 interfaceId
    ) public view virtual override(ERC2981, AccessControlDefaultAdminRules) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    /// @dev Sets the royalty of tokens without one of their own, or none.
    function _changeDefaultRoyalty(address receiver, uint96 basisPoints) internal {
        _checkRate(basisPoints, MAX_ROYALTY_BASIS_POINTS);
        if (receiver == address(0) && basisPoints == 0) _deleteDefaultRoyalty();
        else _setDefaultRoyalty(receiver, basisPoints);
        emit DefaultRoyaltyChanged(receiver, basisPoints);
    }

    /// @dev Sets the royalty of a token that is being minted.
    function _initializeTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) internal {
        _changeTokenRoyalty(tokenId, receiver, basisPoints, MAX_ROYALTY_BASIS_POINTS);
    }

    /// @dev The creator of a model, which must be recorded.
    function _creatorOf(uint256 tokenId) internal view virtual returns (address);

    function _changeTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints, uint96 maximum) private {
        _checkRate(basisPoints, maximum);
        _setTokenRoyalty(tokenId, receiver, basisPoints);
        emit TokenRoyaltyChanged(tokenId, receiver, basisPoints);
    }

    function _checkRate(uint96 basisPoints, uint96 maximum) private pure {
        if (basisPoints > maximum) revert ModelProvenanceRoyaltyTooHigh(basisPoints, maximum);
    }
}
