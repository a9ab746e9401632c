// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";
import {ILicenseMarket} from "./ILicenseMarket.sol";

/**
 * @title Shares of parents
 * @notice What part of a model's revenue belongs to its parents. Every change is a new version, and what came in is divided
 * by the version that held then: nobody's money is divided by shares that others agreed to later.
 */
abstract contract UpstreamShares is ILicenseMarket {
    /// @dev One word holds the shares of a version, the first parent's in its lowest bits.
    uint256 internal constant SHARE_BITS = 16;
    uint256 private constant MAX_PARENTS = 16;
    uint256 private constant MAX_SHARES = 5_000;

    /**
     * @dev What the market keeps of a model.
     * @param version Of the shares; zero: none were set.
     * @param isOffered Whether a licence was ever offered.
     */
    struct ModelShares {
        uint32 version;
        bool isOffered;
        uint256[] parents;
        mapping(uint32 version => uint256) packedShares;
        mapping(bytes32 proposal => mapping(address account => bool)) agreed;
    }

    mapping(address registry => mapping(uint256 tokenId => ModelShares)) private _models;
    mapping(address registry => mapping(uint256 parentId => DerivativeTerms)) private _terms;

    /// @inheritdoc ILicenseMarket
    function setUpstream(address registry, uint256 tokenId, uint16[] calldata basisPoints) external {
        IModelProvenanceNFT.ModelData memory data = IModelProvenanceNFT(registry).getModelData(tokenId);
        _checkShares(data.parents.length, basisPoints);
        ModelShares storage model = _models[registry][tokenId];
        uint256 packed = _pack(model, basisPoints);

        if (!_agree(model, registry, tokenId, data.creator, basisPoints)) return;

        uint32 version = ++model.version;
        if (version == 1) model.parents = data.parents;
        model.packedShares[version] = packed;
        emit UpstreamChanged(registry, tokenId, version, data.parents, basisPoints);
    }

    /// @inheritdoc ILicenseMarket
    function setDerivativeTerms(
        address registry,
        uint256 parentId,
        uint16 minimumBasisPoints,
        bytes32 termsDigest
    ) external {
        if (msg.sender != IERC721(registry).ownerOf(parentId)) {
            revert LicenseMarketUnauthorizedAccount(msg.sender, registry, parentId);
        }
        if (minimumBasisPoints > MAX_SHARES) revert LicenseMarketSharesTooHigh(minimumBasisPoints, MAX_SHARES);

        _terms[registry][parentId] = DerivativeTerms(minimumBasisPoints, termsDigest);
        emit DerivativeTermsChanged(registry, parentId, minimumBasisPoints, termsDigest);
    }

    /// @inheritdoc ILicenseMarket
    function getUpstream(
        address registry,
        uint256 tokenId
    ) external view returns (uint32 version, uint256[] memory parents, uint16[] memory basisPoints) {
        ModelShares storage model = _models[registry][tokenId];
        version = model.version;
        parents = model.parents;
        basisPoints = new uint16[](parents.length);
        uint256 packed = model.packedShares[version];
        for (uint256 i = 0; i < parents.length; ++i) basisPoints[i] = _shareAt(packed, i);
    }

    /// @inheritdoc ILicenseMarket
    function getDerivativeTerms(address registry, uint256 parentId) external view returns (DerivativeTerms memory) {
        return _terms[registry][parentId];
    }

    /// @dev Refuses a model that owes a parent less than that asks for; from here on its shares only rise.
    function _markOffered(address registry, uint256 tokenId) internal {
        ModelShares storage model = _models[registry][tokenId];
        uint32 version = model.version;
        uint256[] memory parents =
            version == 0 ? IModelProvenanceNFT(registry).getModelData(tokenId).parents : model.parents;
        uint256 packed = model.packedShares[version];
        for (uint256 i = 0; i < parents.length; ++i) {
            uint16 minimum = _terms[registry][parents[i]].minimumBasisPoints;
            // Beyond the sixteenth there is no share, and a minimum cannot be met.
            uint16 share = _shareAt(packed, i);
            if (share < minimum) revert LicenseMarketShareTooLow(parents[i], share, minimum);
        }
        if (!model.isOffered) model.isOffered = true;
    }

    function _versionOf(address registry, uint256 tokenId) internal view returns (uint32) {
        return _models[registry][tokenId].version;
    }

    /// @dev The parents of a model and their shares in a version, as `_shareAt` takes them.
    function _sharesOf(
        address registry,
        uint256 tokenId,
        uint32 version
    ) internal view returns (uint256[] storage parents, uint256 packed) {
        ModelShares storage model = _models[registry][tokenId];
        return (model.parents, model.packedShares[version]);
    }

    function _shareAt(uint256 packed, uint256 index) internal pure returns (uint16) {
        return uint16(packed >> (index * SHARE_BITS));
    }

    function _checkShares(uint256 parents, uint16[] calldata basisPoints) private pure {
        if (parents != basisPoints.length || parents == 0 || parents > MAX_PARENTS) {
            revert LicenseMarketInvalidShares(parents, basisPoints.length);
        }
        uint256 total;
        for (uint256 i = 0; i < parents; ++i) total += basisPoints[i];
        if (total > MAX_SHARES) revert LicenseMarketSharesTooHigh(total, MAX_SHARES);
    }

    function _pack(ModelShares storage model, uint16[] calldata basisPoints) private view returns (uint256 packed) {
        uint256 present = model.packedShares[model.version];
        bool isOffered = model.isOffered;
        for (uint256 i = 0; i < basisPoints.length; ++i) {
            uint16 least = _shareAt(present, i);
            if (isOffered && basisPoints[i] < least) {
                revert LicenseMarketLoweredShare(model.parents[i], basisPoints[i], least);
            }
            packed |= uint256(basisPoints[i]) << (i * SHARE_BITS);
        }
    }

    /// @dev Whether creator and owner both want these shares now. A proposal is worth nothing once a version followed.
    function _agree(
        ModelShares storage model,
        address registry,
        uint256 tokenId,
        address creator,
        uint16[] calldata basisPoints
    ) private returns (bool) {
        address owner = IERC721(registry).ownerOf(tokenId);
        if (msg.sender != creator && msg.sender != owner) {
            revert LicenseMarketUnauthorizedAccount(msg.sender, registry, tokenId);
        }
        if (creator == owner) return true;

        mapping(address account => bool) storage agreed = model.agreed[
            keccak256(abi.encode(model.version, basisPoints))
        ];
        agreed[msg.sender] = true;
        if (agreed[creator] && agreed[owner]) return true;
        emit UpstreamProposed(registry, tokenId, msg.sender, basisPoints);
        return false;
    }
}
