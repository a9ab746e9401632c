// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Royalties
 * @notice ERC-2981 with a cap. What a buyer was promised never gets worse: a token's own rate only falls, and a token
 * without one of its own pays whom the admin named.
 * @dev As OpenZeppelin's ERC2981, whose errors it keeps; but that tells nobody whether a token has a royalty of its own.
 */
abstract contract ModelRoyalties is ModelRecords {
    /// @dev One slot. A zero receiver: none.
    struct Royalty {
        address receiver;
        uint96 basisPoints;
    }

    uint256 private constant DENOMINATOR = 10_000;
    uint96 private constant MAX_ROYALTY_BASIS_POINTS = 1_000;

    Royalty private _defaultRoyalty;
    mapping(uint256 tokenId => Royalty) private _tokenRoyalties;

    /// @inheritdoc IModelProvenanceNFT
    function setDefaultRoyalty(address receiver, uint96 basisPoints) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _changeDefaultRoyalty(receiver, basisPoints);
    }

    /// @inheritdoc IModelProvenanceNFT
    function setTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) external {
        if (_requireModel(tokenId).record.creator != msg.sender) {
            revert ModelProvenanceUnauthorizedCreator(msg.sender, tokenId);
        }
        Royalty storage royalty = _tokenRoyalties[tokenId];
        if (royalty.receiver == address(0)) revert ModelProvenanceDefaultRoyalty(tokenId);

        _changeTokenRoyalty(tokenId, receiver, basisPoints, royalty.basisPoints);
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(
        uint256 tokenId,
        uint256 salePrice
    ) external view returns (address receiver, uint256 royaltyAmount) {
        Royalty memory royalty = _tokenRoyalties[tokenId];
        if (royalty.receiver == address(0)) royalty = _defaultRoyalty;
        return (royalty.receiver, Math.mulDiv(salePrice, royalty.basisPoints, DENOMINATOR));
    }

    /// @dev Sets the royalty of tokens without one of their own, or none.
    function _changeDefaultRoyalty(address receiver, uint96 basisPoints) internal {
        _checkRate(basisPoints, MAX_ROYALTY_BASIS_POINTS);
        if (receiver == address(0) && basisPoints != 0) revert ERC2981.ERC2981InvalidDefaultRoyaltyReceiver(receiver);

        _defaultRoyalty = Royalty(receiver, basisPoints);
        emit DefaultRoyaltyChanged(receiver, basisPoints);
    }

    /// @inheritdoc ModelRecords
    function _recordRoyalty(uint256 tokenId, address receiver, uint96 basisPoints) internal override {
        _changeTokenRoyalty(tokenId, receiver, basisPoints, MAX_ROYALTY_BASIS_POINTS);
    }

    function _changeTokenRoyalty(uint256 tokenId, address receiver, uint96 basisPoints, uint96 maximum) private {
        _checkRate(basisPoints, maximum);
        if (receiver == address(0)) revert ERC2981.ERC2981InvalidTokenRoyaltyReceiver(tokenId, receiver);

        _tokenRoyalties[tokenId] = Royalty(receiver, basisPoints);
        emit TokenRoyaltyChanged(tokenId, receiver, basisPoints);
    }

    function _checkRate(uint96 basisPoints, uint96 maximum) private pure {
        if (basisPoints > maximum) revert ModelProvenanceRoyaltyTooHigh(basisPoints, maximum);
    }
}
