// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILicenseMarket} from "../../contracts/market/ILicenseMarket.sol";
import {RegistryMock} from "../../contracts/mocks/MarketMocks.sol";
import {IMarket} from "./helpers/IMarket.sol";
import {deploy} from "./helpers/deploy.sol";
import {vm} from "./helpers/Vm.sol";

contract MarketFuzzTest {
    uint256 private constant SELLER_KEY = 0x5E11E4;
    address private constant BUYER = address(0xB0B);
    address private constant PARENT_OWNER = address(0xDAD);

    IMarket private _market = IMarket(deploy("LicenseMarket.sol:LicenseMarket", ""));
    RegistryMock private _registry = new RegistryMock();
    address private _seller = vm.addr(SELLER_KEY);

    function testFuzz_SettleOffer_DividesAllOfIt(uint128 price, uint16[16] memory raw) external {
        (uint256[] memory parents, uint16[] memory shares) = _family(raw);
        _registry.setModel(1, _seller, _seller, parents);
        vm.prank(_seller);
        _market.setUpstream(address(_registry), 1, shares);
        ILicenseMarket.Offer memory offer = _offer(price);
        _buy(offer, _sign(offer));

        if (price == 0) return;
        uint256 rest = _market.settleOffer(bytes23(_market.hashOffer(offer)));
        uint256 sum = rest;
        for (uint256 i = 0; i < parents.length; ++i) {
            address owner = _registry.ownerOf(parents[i]);
            uint256 part = _market.withdrawable(owner, address(0));
            require(part == (uint256(price) * shares[i]) / 10_000, "share");
            sum += part;
        }
        require(sum == price && rest * 2 >= price, "sum");
        require(_market.withdrawable(_seller, address(0)) == rest, "rest");
    }

    function testFuzz_Buy_TakesNoOfferBut_TheSignedOne(uint256 bit) external {
        _registry.setModel(1, _seller, _seller, new uint256[](0));
        ILicenseMarket.Offer memory offer = _offer(1_000);
        bytes memory signature = _sign(offer);
        bytes32 hash = _market.hashOffer(offer);
        uint256 field = bit % 7;
        if (field == 0) offer.price = uint128(offer.price ^ (1 << (bit % 128)));
        if (field == 1) offer.duration = uint40(offer.duration ^ (1 << (bit % 40)));
        if (field == 2) offer.deadline = type(uint40).max - uint40(bit);
        if (field == 3) offer.limit = uint64(1 << (bit % 64));
        if (field == 4) offer.endsWhenRevoked = true;
        if (field == 5) offer.termsDigest ^= bytes32(1 << (bit % 256));
        if (field == 6) offer.kind = ILicenseMarket.LicenseKind(1 + (bit % 2));
        require(_market.hashOffer(offer) != hash, "two offers, one hash");
        vm.deal(BUYER, offer.price);
        vm.prank(BUYER);
        try _market.buy{value: offer.price}(offer, signature, BUYER) {
            revert("sold");
        } catch (bytes memory reason) {
            require(bytes4(reason) == ILicenseMarket.LicenseMarketInvalidSignature.selector, "reason");
        }
    }

    function testFuzz_Renew_PaysAtMostOneDurationAhead(uint32 duration, uint32 wait) external {
        if (duration == 0) duration = 1;
        vm.warp(2_000_000_000);
        _registry.setModel(1, _seller, _seller, new uint256[](0));
        ILicenseMarket.Offer memory offer = _offer(0);
        offer.duration = duration;
        uint256 licenseId = _buy(offer, _sign(offer));
        require(_market.expiresAt(licenseId) == 2_000_000_000 + uint256(duration), "first end");
        _market.renewSubscription(licenseId, duration);
        vm.warp(block.timestamp + wait);

        bool isEarly = wait < duration;
        uint256 end = _market.expiresAt(licenseId);
        try _market.renewSubscription(licenseId, duration) {
            require(!isEarly, "paid further ahead");
            uint256 start = end > block.timestamp ? end : block.timestamp;
            require(_market.expiresAt(licenseId) == start + duration, "next end");
        } catch {
            require(isEarly, "not renewed");
        }
        require(_market.hasAccess(address(_registry), 1, BUYER), "access");
    }

    function _offer(uint128 price) private view returns (ILicenseMarket.Offer memory offer) {
        offer.registry = address(_registry);
        offer.tokenId = 1;
        offer.seller = _seller;
        offer.price = price;
        offer.duration = 1_000;
        offer.termsDigest = keccak256("terms");
    }

    function _buy(ILicenseMarket.Offer memory offer, bytes memory signature) private returns (uint256) {
        vm.deal(BUYER, offer.price);
        vm.prank(BUYER);
        return _market.buy{value: offer.price}(offer, signature, BUYER);
    }

    function _sign(ILicenseMarket.Offer memory offer) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SELLER_KEY, _market.hashOffer(offer));
        return abi.encodePacked(r, s, v);
    }

    /// @dev Up to 16 parents with owners of their own, and shares that do not exceed what is allowed.
    function _family(uint16[16] memory raw) private returns (uint256[] memory parents, uint16[] memory shares) {
        uint256 count = 1 + (raw[0] % 16);
        parents = new uint256[](count);
        shares = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) {
            parents[i] = 100 + i;
            shares[i] = uint16(raw[i] % (5_000 / count + 1));
            _registry.setModel(
                parents[i],
                address(uint160(uint256(uint160(PARENT_OWNER)) + i)),
                PARENT_OWNER,
                new uint256[](0)
            );
        }
    }
}
