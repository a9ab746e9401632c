// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/**
 * @title RoyaltySplitter
 * @notice Divides what it receives, in ether and in any ERC-20 token, between accounts with fixed shares. Each takes its
 * part out, or has it sent; nobody waits for anybody. Payees and shares are part of a clone's code: they cannot change.
 * @dev What was received is what is there and what was released, so a token that takes a fee on transfer is divided as it
 * arrives. The guard is needed, for a token with hooks may call back before it lowers the balance. A token whose balances
 * change by themselves (rebasing) is not supported.
 */
contract RoyaltySplitter is ReentrancyGuard {
    using SafeERC20 for IERC20;

    /// @notice Ether came in.
    event PaymentReceived(address indexed from, uint256 amount);

    /// @notice A payee got its part; a zero token means ether.
    event PaymentReleased(IERC20 indexed token, address indexed payee, uint256 amount);

    /// @notice Only clones divide: this is the contract that they delegate to, and it has no payees.
    error RoyaltySplitterNotAClone();

    /// @notice The account has no share.
    error RoyaltySplitterUnknownPayee(address account);

    /// @notice There is nothing to release to the payee.
    error RoyaltySplitterNothingDue(IERC20 token, address payee);

    address private immutable _implementation = address(this);

    /// @dev Zero stands for ether.
    mapping(IERC20 token => uint256) private _totalReleased;
    mapping(IERC20 token => mapping(address payee => uint256)) private _released;

    /// @dev What came here would belong to nobody.
    modifier onlyClone() {
        if (address(this) == _implementation) revert RoyaltySplitterNotAClone();
        _;
    }

    receive() external payable onlyClone {
        emit PaymentReceived(msg.sender, msg.value);
    }

    /// @notice Sends a payee what is due to it, and returns how much that was. For anybody.
    function release(IERC20 token, address payee) external nonReentrant returns (uint256 amount) {
        amount = releasable(token, payee);
        if (amount == 0) revert RoyaltySplitterNothingDue(token, payee);

        _totalReleased[token] += amount;
        _released[token][payee] += amount;
        emit PaymentReleased(token, payee, amount);
        if (address(token) == address(0)) Address.sendValue(payable(payee), amount);
        else token.safeTransfer(payee, amount);
    }

    /// @notice How much was released to all payees.
    function totalReleased(IERC20 token) external view returns (uint256) {
        return _totalReleased[token];
    }

    /// @notice How much was released to a payee.
    function released(IERC20 token, address payee) external view returns (uint256) {
        return _released[token][payee];
    }

    /// @notice How much is due to a payee now.
    function releasable(IERC20 token, address payee) public view returns (uint256) {
        (address[] memory accounts, uint256[] memory parts) = shares();
        uint256 total;
        uint256 part;
        for (uint256 i = 0; i < accounts.length; ++i) {
            total += parts[i];
            if (accounts[i] == payee) part = parts[i];
        }
        if (part == 0) revert RoyaltySplitterUnknownPayee(payee);

        uint256 balance = address(token) == address(0) ? address(this).balance : token.balanceOf(address(this));
        return ((balance + _totalReleased[token]) * part) / total - _released[token][payee];
    }

    /// @notice The payees and their shares, in the order in which they were given.
    function shares() public view onlyClone returns (address[] memory accounts, uint256[] memory parts) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (address[], uint256[]));
    }
}
