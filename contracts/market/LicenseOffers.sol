// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";
import {ILicenseMarket} from "./ILicenseMarket.sol";
import {UpstreamShares} from "./UpstreamShares.sol";

/**
 * @title Offers
 * @notice What is asked for a licence. An offer is kept once it is used for the first time, for a renewal (ERC-5643) names
 * the licence alone.
 */
abstract contract LicenseOffers is UpstreamShares, EIP712 {
    bytes32 private constant OFFER_TYPEHASH = keccak256(
        "Offer(address registry,uint256 tokenId,address seller,address currency,uint128 price,uint40 duration,"
        "uint40 deadline,uint64 limit,uint8 kind,bool endsWhenRevoked,bytes32 termsDigest,uint256 salt)"
    );

    /// @dev What every purchase reads and writes stands in the first word.
    struct KeptOffer {
        uint128 unsettled;
        uint32 version;
        uint32 sold;
        uint40 deadline;
        OfferState state;
        LicenseKind kind;
        bool endsWhenRevoked;
        uint128 price;
        uint64 limit;
        uint40 duration;
        address seller;
        address currency;
        address registry;
        uint256 tokenId;
        bytes32 termsDigest;
    }

    mapping(bytes23 offerId => KeptOffer) private _offers;

    constructor() EIP712("LicenseMarket", "1") {}

    /// @inheritdoc ILicenseMarket
    function list(Offer calldata offer) external returns (bytes23 offerId) {
        if (msg.sender != offer.seller) revert LicenseMarketUnauthorizedSeller(msg.sender, offer.seller);
        offerId = bytes23(hashOffer(offer));
        if (_offers[offerId].state == OfferState.Open) revert LicenseMarketOpenOffer(offerId);

        if (_offers[offerId].state == OfferState.Unknown) _open(offerId, offer);
        _requireAlive(offerId, offer.registry, offer.tokenId, offer.seller, offer.deadline);
    }

    /// @inheritdoc ILicenseMarket
    function cancel(Offer calldata offer) external {
        if (msg.sender != offer.seller) revert LicenseMarketUnauthorizedSeller(msg.sender, offer.seller);
        bytes23 offerId = bytes23(hashOffer(offer));
        _offers[offerId].state = OfferState.Cancelled;
        emit OfferCancelled(offerId, msg.sender);
    }

    /// @inheritdoc ILicenseMarket
    function getOffer(bytes23 offerId) external view returns (OfferData memory) {
        KeptOffer memory kept = _offers[offerId];
        return
            OfferData({
                state: kept.state,
                isAlive: _isAlive(_offers[offerId]),
                sold: kept.sold,
                version: kept.version,
                unsettled: kept.unsettled,
                registry: kept.registry,
                tokenId: kept.tokenId,
                seller: kept.seller,
                currency: kept.currency,
                price: kept.price,
                duration: kept.duration,
                deadline: kept.deadline,
                limit: kept.limit,
                kind: kept.kind,
                endsWhenRevoked: kept.endsWhenRevoked,
                termsDigest: kept.termsDigest
            });
    }

    /// @inheritdoc ILicenseMarket
    function hashOffer(Offer calldata offer) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OFFER_TYPEHASH, offer)));
    }

    /// @dev Counts one more licence of an offer, which is opened where it was not. Returns the licence's serial number.
    function _take(Offer calldata offer, bytes calldata signature) internal returns (bytes23 offerId, uint32 serial) {
        bytes32 offerHash = hashOffer(offer);
        offerId = bytes23(offerHash);
        KeptOffer storage kept = _offers[offerId];
        if (kept.state == OfferState.Unknown) {
            if (!_isSigned(offer.seller, offerHash, signature))
                revert LicenseMarketInvalidSignature(offerId, signature);
            _open(offerId, offer);
        }
        // What is in the offer is not read back from what was kept of it.
        _requireAlive(offerId, offer.registry, offer.tokenId, offer.seller, offer.deadline);
        serial = kept.sold + 1;
        if (offer.limit != 0 && serial > offer.limit) revert LicenseMarketSoldOut(offerId, offer.limit);
        kept.sold = serial;
    }

    /// @dev Reverts where nothing is sold or renewed under an opened offer now.
    function _requireAlive(
        bytes23 offerId,
        address registry,
        uint256 tokenId,
        address seller,
        uint40 deadline
    ) internal view {
        if (_offers[offerId].state == OfferState.Cancelled) revert LicenseMarketCancelledOffer(offerId);
        if (_isLate(deadline)) revert LicenseMarketExpiredOffer(offerId, deadline);
        address owner = IERC721(registry).ownerOf(tokenId);
        if (owner != seller) revert LicenseMarketSellerNotOwner(offerId, seller, owner);
        if (_isRevoked(registry, tokenId)) revert LicenseMarketRevokedModel(registry, tokenId);
    }

    function _isAlive(KeptOffer storage kept) internal view returns (bool) {
        return
            kept.state == OfferState.Open &&
            !_isLate(kept.deadline) &&
            IERC721(kept.registry).ownerOf(kept.tokenId) == kept.seller &&
            !_isRevoked(kept.registry, kept.tokenId);
    }

    function _isRevoked(address registry, uint256 tokenId) internal view returns (bool) {
        (IModelProvenanceNFT.Status status, , , ) = IModelProvenanceNFT(registry).getStatus(tokenId);
        return status == IModelProvenanceNFT.Status.Revoked;
    }

    function _keptOffer(bytes23 offerId) internal view returns (KeptOffer storage) {
        return _offers[offerId];
    }

    function _open(bytes23 offerId, Offer calldata offer) private {
        _markOffered(offer.registry, offer.tokenId);
        _offers[offerId] = KeptOffer({
            unsettled: 0,
            version: 0,
            sold: 0,
            deadline: offer.deadline,
            state: OfferState.Open,
            kind: offer.kind,
            endsWhenRevoked: offer.endsWhenRevoked,
            price: offer.price,
            limit: offer.limit,
            duration: offer.duration,
            seller: offer.seller,
            currency: offer.currency,
            registry: offer.registry,
            tokenId: offer.tokenId,
            termsDigest: offer.termsDigest
        });
        emit OfferOpened(offer.registry, offer.tokenId, offer.seller, offerId, offer);
    }

    function _isLate(uint40 deadline) private view returns (bool) {
        return deadline != 0 && block.timestamp > deadline;
    }

    /// @dev An account's own signature counts also where it has code (EIP-7702).
    function _isSigned(address seller, bytes32 offerHash, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(offerHash, signature);
        if (failure == ECDSA.RecoverError.NoError && signer == seller) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(seller, offerHash, signature);
    }
}
