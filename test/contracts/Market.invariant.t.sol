// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILicenseMarket} from "../../contracts/market/ILicenseMarket.sol";
import {MarketHandler} from "./handlers/MarketHandler.sol";
import {IMarket} from "./helpers/IMarket.sol";
import {vm} from "./helpers/Vm.sol";

contract MarketInvariantTest {
    MarketHandler private _handler;
    IMarket private _market;

    function setUp() external {
        vm.warp(1_000_000);
        _handler = new MarketHandler();
        _market = _handler.market();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// What the market owes in a currency is what it has.
    function invariant_CreditsAreTheBalance() external view {
        for (uint256 i = 0; i < 3; ++i) {
            address currency = _handler.currencies(i);
            uint256 balance =
                currency == address(0) ? address(_market).balance : IERC20(currency).balanceOf(address(_market));
            require(_credits(currency) == balance, "credits and balance differ");
        }
    }

    /// Access is what a licence that is held and has not ended gives; the one that is looked at is held.
    function invariant_AccessComesFromALicenseThatIsHeld() external view {
        (, uint256 count) = _handler.counts();
        uint256[4] memory held;
        for (uint256 i = 0; i < count; ++i) {
            address holder = _market.ownerOf(_handler.licenseIds(i));
            for (uint256 a = 0; a < 4; ++a) if (holder == _handler.actor(a)) ++held[a];
        }
        for (uint256 a = 0; a < 4; ++a) {
            require(_market.balanceOf(_handler.actor(a)) == held[a], "balance of licences");
            for (uint256 tokenId = 1; tokenId <= _handler.MODELS(); ++tokenId) {
                for (uint256 kind = 0; kind < 3; ++kind) {
                    _checkActive(tokenId, ILicenseMarket.LicenseKind(kind), _handler.actor(a));
                }
            }
        }
    }

    function _checkActive(uint256 tokenId, ILicenseMarket.LicenseKind kind, address account) private view {
        address registry = address(_handler.registry());
        uint256 licenseId = _market.getActiveLicense(registry, tokenId, kind, account);
        bool has = _market.hasLicense(registry, tokenId, kind, account);
        if (licenseId == 0) {
            require(!has, "access without a licence");
            return;
        }
        ILicenseMarket.OfferData memory offer = _market.getOffer(bytes23(uint184(licenseId >> 32)));
        require(_market.ownerOf(licenseId) == account, "another's licence is looked at");
        require(offer.tokenId == tokenId && offer.kind == kind, "a licence of something else is looked at");
        require(has == (block.timestamp < _market.expiresAt(licenseId)), "access and end differ");
    }

    function _credits(address currency) private view returns (uint256 sum) {
        (uint256 offers, ) = _handler.counts();
        for (uint256 i = 0; i < offers; ++i) {
            ILicenseMarket.OfferData memory offer = _market.getOffer(_handler.offerIds(i));
            if (offer.currency == currency) sum += offer.unsettled;
        }
        address registry = address(_handler.registry());
        for (uint256 a = 0; a < 4; ++a) {
            address account = _handler.actor(a);
            sum += _market.withdrawable(account, currency);
            for (uint256 tokenId = 1; tokenId <= _handler.MODELS(); ++tokenId) {
                (uint32 latest, , ) = _market.getUpstream(registry, tokenId);
                for (uint32 version = 1; version <= latest; ++version) {
                    sum += _market.unsettled(registry, tokenId, version, account, currency);
                }
            }
        }
    }
}
