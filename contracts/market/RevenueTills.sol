// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILicenseMarket} from "./ILicenseMarket.sol";
import {LicenseTill} from "./LicenseTill.sol";
import {UpstreamShares} from "./UpstreamShares.sol";

/**
 * @title Accounts of revenue
 * @notice Credits what arrived, divides it one step up, and pays it out when asked. In each currency the sum of all credits
 * is what the market holds; a token whose balances change by themselves (rebasing) can break that for itself alone.
 * @dev All that moves money has one guard, for a token with hooks may call back while a difference of balances is measured.
 */
abstract contract RevenueTills is UpstreamShares, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant BASIS_POINTS = 10_000;

    address private immutable _tillImplementation = address(new LicenseTill());

    /// @dev The only account that may send bare ether.
    address private transient _sweptTill;

    mapping(bytes32 account => uint256) private _unsettled;
    mapping(address account => mapping(address currency => uint256)) private _withdrawable;

    receive() external payable {
        if (msg.sender != _sweptTill) revert LicenseMarketUnexpectedEther(msg.sender);
    }

    /// @inheritdoc ILicenseMarket
    function settle(
        address registry,
        uint256 tokenId,
        uint32 version,
        address account,
        address currency
    ) external nonReentrant returns (uint256 rest) {
        bytes32 key = _keyOf(registry, tokenId, version, account, currency);
        uint256 amount = _unsettled[key];
        if (amount == 0) revert LicenseMarketNothingToSettle(registry, tokenId, version, account);

        delete _unsettled[key];
        return _divide(registry, tokenId, version, account, currency, amount);
    }

    /// @inheritdoc ILicenseMarket
    function withdraw(address currency, address to) external nonReentrant returns (uint256 amount) {
        amount = _withdrawable[msg.sender][currency];
        if (amount == 0) revert LicenseMarketNothingToWithdraw(msg.sender, currency);

        delete _withdrawable[msg.sender][currency];
        emit RevenueWithdrawn(msg.sender, currency, to, amount);
        if (currency == address(0)) Address.sendValue(payable(to), amount);
        else IERC20(currency).safeTransfer(to, amount);
    }

    /// @inheritdoc ILicenseMarket
    function sweep(
        address registry,
        uint256 tokenId,
        address currency
    ) external nonReentrant returns (uint256 received) {
        address till = tillAddress(registry, tokenId);
        if (till.code.length == 0) Clones.cloneDeterministic(_tillImplementation, _saltOf(registry, tokenId));

        uint256 before = _balanceIn(currency);
        _sweptTill = till;
        LicenseTill(payable(till)).release(currency);
        _sweptTill = address(0);
        received = _balanceIn(currency) - before;
        if (received == 0) revert LicenseMarketEmptyTill(till, currency);
        _credit(registry, tokenId, IERC721(registry).ownerOf(tokenId), currency, received);
    }

    /// @inheritdoc ILicenseMarket
    function unsettled(
        address registry,
        uint256 tokenId,
        uint32 version,
        address account,
        address currency
    ) external view returns (uint256) {
        return _unsettled[_keyOf(registry, tokenId, version, account, currency)];
    }

    /// @inheritdoc ILicenseMarket
    function withdrawable(address account, address currency) external view returns (uint256) {
        return _withdrawable[account][currency];
    }

    /// @inheritdoc ILicenseMarket
    function tillAddress(address registry, uint256 tokenId) public view returns (address) {
        return Clones.predictDeterministicAddress(_tillImplementation, _saltOf(registry, tokenId));
    }

    /// @dev Takes a payment from the caller. Returns what arrived: less than asked for of a token that takes a fee.
    function _collect(address currency, uint256 amount) internal returns (uint256 received) {
        uint256 expected = currency == address(0) ? amount : 0;
        if (msg.value != expected) revert LicenseMarketWrongPayment(msg.value, expected);
        if (currency == address(0) || amount == 0) return amount;

        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
        return IERC20(currency).balanceOf(address(this)) - before;
    }

    /// @dev Gives each parent its share, rounded down, and the rest to the account: what cannot be divided stays with it.
    function _divide(
        address registry,
        uint256 tokenId,
        uint32 version,
        address account,
        address currency,
        uint256 amount
    ) internal returns (uint256 rest) {
        rest = amount;
        (uint256[] storage parents, uint256 packed) = _sharesOf(registry, tokenId, version);
        for (uint256 i = 0; packed != 0; ++i) {
            uint256 part = (amount * _shareAt(packed, 0)) / BASIS_POINTS;
            packed = packed >> SHARE_BITS;
            if (part == 0) continue;
            rest -= part;
            uint256 parentId = parents[i];
            _credit(registry, parentId, IERC721(registry).ownerOf(parentId), currency, part);
        }
        _withdrawable[account][currency] += rest;
        emit RevenueSettled(registry, tokenId, account, currency, version, amount, rest);
    }

    /// @dev Without shares of parents there is nothing to settle.
    function _credit(address registry, uint256 tokenId, address account, address currency, uint256 amount) private {
        uint32 version = _versionOf(registry, tokenId);
        if (version == 0) _withdrawable[account][currency] += amount;
        else _unsettled[_keyOf(registry, tokenId, version, account, currency)] += amount;
        emit RevenueCredited(registry, tokenId, account, currency, version, amount);
    }

    function _balanceIn(address currency) private view returns (uint256) {
        return currency == address(0) ? address(this).balance : IERC20(currency).balanceOf(address(this));
    }

    function _keyOf(
        address registry,
        uint256 tokenId,
        uint32 version,
        address account,
        address currency
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(registry, tokenId, version, account, currency));
    }

    function _saltOf(address registry, uint256 tokenId) private pure returns (bytes32) {
        return keccak256(abi.encode(registry, tokenId));
    }
}
