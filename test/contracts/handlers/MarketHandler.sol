// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILicenseMarket} from "../../../contracts/market/ILicenseMarket.sol";
import {RegistryMock} from "../../../contracts/mocks/MarketMocks.sol";
import {ERC20Mock, FeeOnTransferERC20Mock} from "../../../contracts/mocks/TokenMocks.sol";
import {IMarket} from "../helpers/IMarket.sol";
import {deploy} from "../helpers/deploy.sol";
import {vm} from "../helpers/Vm.sol";

/**
 * @notice Accounts that trade licences of a random graph of models in ether, in a token and in one that takes a fee; and
 * what is known of the offers and licences that came of it.
 */
contract MarketHandler {
    uint256 public constant MODELS = 8;
    uint256 public constant ACTORS = 4;

    IMarket public immutable market = IMarket(deploy("LicenseMarket.sol:LicenseMarket", ""));
    RegistryMock public immutable registry = new RegistryMock();
    address[3] public currencies;
    bytes23[] public offerIds;
    uint256[] public licenseIds;
    /// @dev The most a parent was promised since licences of the child were first offered.
    mapping(uint256 tokenId => mapping(uint256 index => uint16)) public promised;
    mapping(uint256 tokenId => bool) public isOffered;

    ILicenseMarket.Offer[] private _offers;
    uint256 private _salt;

    constructor() {
        currencies = [address(0), address(new ERC20Mock()), address(new FeeOnTransferERC20Mock())];
        for (uint256 i = 0; i < MODELS; ++i) {
            uint256[] memory parents = new uint256[](i == 0 ? 0 : 1 + ((i * 7) % (i < 3 ? i : 3)));
            for (uint256 j = 0; j < parents.length; ++j) parents[j] = 1 + ((i * 5 + j) % i);
            registry.setModel(i + 1, actor(i), actor(i + (i % 3)), parents);
        }
    }

    function transferModel(uint256 model, uint256 to) external {
        uint256 tokenId = _model(model);
        registry.setModel(tokenId, actor(to), _creatorOf(tokenId), registry.getModelData(tokenId).parents);
    }

    function setUpstream(uint256 model, uint256 seed) external {
        uint256 tokenId = _model(model);
        uint16[] memory shares = new uint16[](registry.getModelData(tokenId).parents.length);
        for (uint256 i = 0; i < shares.length; ++i) shares[i] = uint16(uint256(keccak256(abi.encode(seed, i))) % 2_400);
        _tryAs(_creatorOf(tokenId), abi.encodeCall(market.setUpstream, (address(registry), tokenId, shares)));
        _tryAs(registry.ownerOf(tokenId), abi.encodeCall(market.setUpstream, (address(registry), tokenId, shares)));
        _notePromises(tokenId);
    }

    function setTerms(uint256 model, uint256 minimum) external {
        uint256 tokenId = _model(model);
        uint16 least = uint16(minimum % 200);
        _tryAs(
            registry.ownerOf(tokenId),
            abi.encodeCall(market.setDerivativeTerms, (address(registry), tokenId, least, 0))
        );
    }

    function list(uint256 model, uint256 seed) external {
        uint256 tokenId = _model(model);
        ILicenseMarket.Offer memory offer;
        offer.registry = address(registry);
        offer.tokenId = tokenId;
        offer.seller = registry.ownerOf(tokenId);
        offer.currency = currencies[seed % 3];
        offer.price = uint128(seed % 10_007);
        offer.duration = uint40(seed % 5) * 1_000;
        offer.kind = ILicenseMarket.LicenseKind(seed % 3);
        offer.salt = ++_salt;
        if (!_tryAs(offer.seller, abi.encodeCall(market.list, (offer)))) return;
        offerIds.push(bytes23(market.hashOffer(offer)));
        _offers.push(offer);
        isOffered[tokenId] = true;
        _notePromises(tokenId);
    }

    function cancel(uint256 index) external {
        if (_offers.length == 0) return;
        ILicenseMarket.Offer memory offer = _offers[index % _offers.length];
        if (index % 4 == 0) _tryAs(offer.seller, abi.encodeCall(market.cancel, (offer)));
    }

    function buy(uint256 index, uint256 buyer, uint256 licensee) external {
        if (_offers.length == 0) return;
        ILicenseMarket.Offer memory offer = _offers[index % _offers.length];
        uint256 value = _fund(actor(buyer), offer.currency, offer.price);
        vm.prank(actor(buyer));
        try market.buy{value: value}(offer, "", actor(licensee)) returns (uint256 licenseId) {
            licenseIds.push(licenseId);
        } catch {}
    }

    function renew(uint256 index, uint256 buyer) external {
        if (licenseIds.length == 0) return;
        uint256 licenseId = licenseIds[index % licenseIds.length];
        ILicenseMarket.OfferData memory offer = market.getOffer(bytes23(uint184(licenseId >> 32)));
        uint256 value = _fund(actor(buyer), offer.currency, offer.price);
        vm.prank(actor(buyer));
        try market.renewSubscription{value: value}(licenseId, offer.duration) {} catch {}
    }

    function transferLicense(uint256 index, uint256 to) external {
        if (licenseIds.length == 0) return;
        uint256 licenseId = licenseIds[index % licenseIds.length];
        address holder = market.ownerOf(licenseId);
        vm.prank(holder);
        market.transferFrom(holder, actor(to), licenseId);
        require(market.ownerOf(licenseId) == actor(to), "transfer");
    }

    function endLicense(uint256 index) external {
        if (licenseIds.length == 0 || index % 4 != 0) return;
        uint256 licenseId = licenseIds[index % licenseIds.length];
        vm.prank(market.ownerOf(licenseId));
        market.cancelSubscription(licenseId);
    }

    function activate(uint256 index) external {
        if (licenseIds.length != 0) market.activate(licenseIds[index % licenseIds.length]);
    }

    function payTill(uint256 model, uint8 currency, uint64 amount) external {
        uint256 tokenId = _model(model);
        address asset = currencies[currency % 3];
        address till = market.tillAddress(address(registry), tokenId);
        if (asset == address(0)) {
            vm.deal(address(this), amount);
            (bool paid, ) = till.call{value: amount}("");
            require(paid, "till");
        } else {
            ERC20Mock(asset).mint(till, amount);
        }
        try market.sweep(address(registry), tokenId, asset) {} catch {
            require(amount == 0, "sweep");
        }
    }

    function settleOffer(uint256 index) external {
        if (offerIds.length == 0) return;
        bytes23 offerId = offerIds[index % offerIds.length];
        if (market.getOffer(offerId).unsettled != 0) market.settleOffer(offerId);
    }

    function settle(uint256 model, uint256 account, uint8 currency) external {
        uint256 tokenId = _model(model);
        address asset = currencies[currency % 3];
        (uint32 latest, , ) = market.getUpstream(address(registry), tokenId);
        for (uint32 version = 1; version <= latest; ++version) {
            if (market.unsettled(address(registry), tokenId, version, actor(account), asset) == 0) continue;
            market.settle(address(registry), tokenId, version, actor(account), asset);
        }
    }

    function withdraw(uint256 account, uint8 currency) external {
        address asset = currencies[currency % 3];
        uint256 due = market.withdrawable(actor(account), asset);
        if (due == 0) return;
        vm.prank(actor(account));
        require(market.withdraw(asset, address(0xFEE)) == due, "withdrawal");
    }

    function warp(uint16 secondsLater) external {
        vm.warp(block.timestamp + secondsLater);
    }

    function counts() external view returns (uint256 offers, uint256 licenses) {
        return (offerIds.length, licenseIds.length);
    }

    function actor(uint256 index) public pure returns (address) {
        return address(uint160(0xAC700 + (index % ACTORS)));
    }

    function _notePromises(uint256 tokenId) private {
        if (!isOffered[tokenId]) return;
        (, , uint16[] memory shares) = market.getUpstream(address(registry), tokenId);
        for (uint256 i = 0; i < shares.length; ++i) {
            require(shares[i] >= promised[tokenId][i], "a share was lowered");
            promised[tokenId][i] = shares[i];
        }
    }

    function _fund(address account, address currency, uint256 amount) private returns (uint256 value) {
        if (currency == address(0)) {
            vm.deal(account, amount);
            return amount;
        }
        ERC20Mock(currency).mint(account, amount);
        vm.prank(account);
        ERC20Mock(currency).approve(address(market), amount);
    }

    function _tryAs(address account, bytes memory data) private returns (bool success) {
        vm.prank(account);
        (success, ) = address(market).call(data);
    }

    function _creatorOf(uint256 tokenId) private view returns (address) {
        return registry.getModelData(tokenId).creator;
    }

    function _model(uint256 index) private pure returns (uint256) {
        return 1 + (index % MODELS);
    }
}
