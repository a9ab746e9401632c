// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC5643} from "./IERC5643.sol";
import {ILicenseMarket} from "./ILicenseMarket.sol";
import {LicenseOffers} from "./LicenseOffers.sol";

/**
 * @title Licences as tokens
 * @notice The id of a licence is that of its offer followed by a serial number. Holder, end and kind share one word, so
 * that a purchase writes one; ownership and balances are therefore kept here, and everything else is ERC721's.
 * @dev For each model, kind and account one licence is looked at, the one that lasts longest as far as it is known: no list
 * is walked, so nobody can make the question dear by giving away licences.
 */
abstract contract LicenseTokens is LicenseOffers, ERC721, IERC5643 {
    uint40 private constant NEVER = type(uint40).max;
    uint256 private constant SERIAL_BITS = 32;

    struct License {
        address holder;
        uint40 expires;
        LicenseKind kind;
        bool endsWhenRevoked;
    }

    /// @dev The id of a licence and its end, as they stand there.
    struct ActiveLicense {
        uint216 licenseId;
        uint40 expires;
    }

    mapping(uint256 licenseId => License) private _licenses;
    mapping(address holder => uint256) private _balances;
    mapping(bytes32 use => ActiveLicense) private _active;

    /// @inheritdoc ILicenseMarket
    function activate(uint256 licenseId) external {
        address holder = _requireOwned(licenseId);
        _prefer(licenseId, _licenses[licenseId].expires, _useOf(licenseId, holder));
    }

    /// @inheritdoc ILicenseMarket
    function hasAccess(address registry, uint256 tokenId, address account) external view returns (bool) {
        return
            hasLicense(registry, tokenId, LicenseKind.Use, account) ||
            hasLicense(registry, tokenId, LicenseKind.Serve, account) ||
            hasLicense(registry, tokenId, LicenseKind.Derive, account);
    }

    /// @inheritdoc IERC5643
    function cancelSubscription(uint256 licenseId) external payable {
        if (msg.value != 0) revert LicenseMarketWrongPayment(msg.value, 0);
        address holder = _requireOwned(licenseId);
        _checkAuthorized(holder, msg.sender, licenseId);

        _setExpiry(licenseId, uint40(block.timestamp), holder);
    }

    /// @inheritdoc IERC5643
    function isRenewable(uint256 licenseId) external view returns (bool) {
        _requireOwned(licenseId);
        KeptOffer storage offer = _keptOffer(_offerIdOf(licenseId));
        return offer.duration != 0 && _isAlive(offer);
    }

    /// @inheritdoc ILicenseMarket
    function hasLicense(
        address registry,
        uint256 tokenId,
        LicenseKind kind,
        address account
    ) public view returns (bool) {
        ActiveLicense memory active = _active[_useOf(registry, tokenId, kind, account)];
        if (block.timestamp >= active.expires) return false;
        return !_licenses[active.licenseId].endsWhenRevoked || !_isRevoked(registry, tokenId);
    }

    /// @inheritdoc ILicenseMarket
    function getActiveLicense(
        address registry,
        uint256 tokenId,
        LicenseKind kind,
        address account
    ) external view returns (uint256) {
        return _active[_useOf(registry, tokenId, kind, account)].licenseId;
    }

    /// @inheritdoc IERC5643
    function expiresAt(uint256 licenseId) public view returns (uint64) {
        _requireOwned(licenseId);
        uint40 expires = _licenses[licenseId].expires;
        return expires == NEVER ? type(uint64).max : expires;
    }

    /// @inheritdoc ERC721
    function balanceOf(address holder) public view override returns (uint256) {
        if (holder == address(0)) revert ERC721InvalidOwner(address(0));
        return _balances[holder];
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return
            interfaceId == type(IERC5643).interfaceId ||
            interfaceId == type(ILicenseMarket).interfaceId ||
            super.supportsInterface(interfaceId);
    }

    /// @dev Makes a licence: a transfer from nobody that writes one word.
    function _issue(
        Offer calldata offer,
        bytes23 offerId,
        uint32 serial,
        address licensee
    ) internal returns (uint256 licenseId) {
        if (licensee == address(0)) revert ERC721InvalidReceiver(address(0));
        licenseId = (uint256(uint184(offerId)) << SERIAL_BITS) | serial;
        uint40 expires = offer.duration == 0 ? NEVER : _timeIn(offer.duration);

        _licenses[licenseId] = License(licensee, expires, offer.kind, offer.endsWhenRevoked);
        ++_balances[licensee];
        emit Transfer(address(0), licensee, licenseId);
        _prefer(licenseId, expires, _useOf(offer.registry, offer.tokenId, offer.kind, licensee));
    }

    /// @dev At most one duration is paid ahead, so that a price is not held for ever against a seller.
    function _extend(uint256 licenseId, uint40 duration) internal {
        uint40 present = _licenses[licenseId].expires;
        if (present > _timeIn(duration)) revert LicenseMarketRenewedTooEarly(licenseId, present);

        uint40 start = present > block.timestamp ? present : uint40(block.timestamp);
        _setExpiry(licenseId, start + duration, _licenses[licenseId].holder);
    }

    /// @dev Only transfers come here: a licence is made by `_issue` and never burned.
    function _update(address to, uint256 licenseId, address auth) internal override returns (address from) {
        from = _ownerOf(licenseId);
        if (auth != address(0)) _checkAuthorized(from, auth, licenseId);

        _approve(address(0), licenseId, address(0), false);
        --_balances[from];
        ++_balances[to];
        _licenses[licenseId].holder = to;
        emit Transfer(from, to, licenseId);

        bytes32 use = _useOf(licenseId, from);
        if (_active[use].licenseId == licenseId) delete _active[use];
        _prefer(licenseId, _licenses[licenseId].expires, _useOf(licenseId, to));
    }

    function _ownerOf(uint256 licenseId) internal view override returns (address) {
        return _licenses[licenseId].holder;
    }

    function _offerIdOf(uint256 licenseId) internal pure returns (bytes23) {
        return bytes23(uint184(licenseId >> SERIAL_BITS));
    }

    function _setExpiry(uint256 licenseId, uint40 expires, address holder) private {
        _licenses[licenseId].expires = expires;
        emit SubscriptionUpdate(licenseId, expires);

        bytes32 use = _useOf(licenseId, holder);
        if (_active[use].licenseId == licenseId) _active[use].expires = expires;
        else _prefer(licenseId, expires, use);
    }

    /// @dev Has the longer one looked at, of this licence and the one that is.
    function _prefer(uint256 licenseId, uint40 expires, bytes32 use) private {
        if (_active[use].expires < expires) _active[use] = ActiveLicense(uint216(licenseId), expires);
    }

    function _timeIn(uint40 duration) private view returns (uint40) {
        return uint40(block.timestamp) + duration;
    }

    function _useOf(uint256 licenseId, address holder) private view returns (bytes32) {
        KeptOffer storage offer = _keptOffer(_offerIdOf(licenseId));
        return _useOf(offer.registry, offer.tokenId, offer.kind, holder);
    }

    function _useOf(
        address registry,
        uint256 tokenId,
        LicenseKind kind,
        address account
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(registry, tokenId, kind, account));
    }
}
