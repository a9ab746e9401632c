// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IERC5643} from "./IERC5643.sol";
import {ILicenseMarket} from "./ILicenseMarket.sol";
import {LicenseText} from "./LicenseText.sol";
import {LicenseTokens} from "./LicenseTokens.sol";
import {RevenueTills} from "./RevenueTills.sol";

/**
 * @title LicenseMarket
 * @notice Joins offers, licences and accounts of revenue: what costs money is here. `ILicenseMarket` documents all of it.
 */
contract LicenseMarket is LicenseTokens, RevenueTills {
    using SafeCast for uint256;

    constructor() ERC721("Model Licenses", "LICENSE") {}

    /// @inheritdoc ILicenseMarket
    function buy(
        Offer calldata offer,
        bytes calldata signature,
        address licensee
    ) external payable nonReentrant returns (uint256 licenseId) {
        (bytes23 offerId, uint32 serial) = _take(offer, signature);
        licenseId = _issue(offer, offerId, serial, licensee);
        _earn(offerId, licenseId, offer.registry, offer.tokenId, offer.currency, offer.price);
    }

    /// @inheritdoc IERC5643
    function renewSubscription(uint256 licenseId, uint64 duration) external payable nonReentrant {
        _requireOwned(licenseId);
        bytes23 offerId = _offerIdOf(licenseId);
        KeptOffer memory offer = _keptOffer(offerId);
        if (duration != offer.duration || duration == 0) revert LicenseMarketWrongDuration(duration, offer.duration);
        _requireAlive(offerId, offer.registry, offer.tokenId, offer.seller, offer.deadline);

        _extend(licenseId, offer.duration);
        _earn(offerId, licenseId, offer.registry, offer.tokenId, offer.currency, offer.price);
    }

    /// @inheritdoc ILicenseMarket
    function settleOffer(bytes23 offerId) external nonReentrant returns (uint256 rest) {
        KeptOffer storage offer = _keptOffer(offerId);
        if (offer.unsettled == 0) revert LicenseMarketNothingEarned(offerId);
        return _settleKept(offer);
    }

    /// @inheritdoc ERC721
    function tokenURI(uint256 licenseId) public view override returns (string memory) {
        _requireOwned(licenseId);
        KeptOffer memory offer = _keptOffer(_offerIdOf(licenseId));
        return
            LicenseText.toURI(
                licenseId,
                offer.registry,
                offer.tokenId,
                offer.kind,
                offer.termsDigest,
                expiresAt(licenseId)
            );
    }

    /// @dev Takes the price, and adds what arrived to what the offer brought under the shares that hold now.
    function _earn(
        bytes23 offerId,
        uint256 licenseId,
        address registry,
        uint256 tokenId,
        address currency,
        uint128 price
    ) private {
        KeptOffer storage offer = _keptOffer(offerId);
        uint32 version = _versionOf(registry, tokenId);
        if (offer.version != version) {
            // What came before is divided by the shares that held before.
            if (offer.unsettled != 0) _settleKept(offer);
            offer.version = version;
        }
        uint256 received = _collect(currency, price);
        offer.unsettled += received.toUint128();
        emit LicensePaid(offerId, msg.sender, licenseId, expiresAt(licenseId), received);
    }

    function _settleKept(KeptOffer storage offer) private returns (uint256 rest) {
        uint256 amount = offer.unsettled;
        offer.unsettled = 0;
        return _divide(offer.registry, offer.tokenId, offer.version, offer.seller, offer.currency, amount);
    }
}
