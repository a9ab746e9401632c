// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {RoyaltySplitter} from "./RoyaltySplitter.sol";

/**
 * @title RoyaltySplitterFactory
 * @notice Makes splitters: minimal clones with payees and shares in their code. The address follows from payees, shares
 * and salt alone, so it can be named as a royalty receiver before the splitter is made.
 */
contract RoyaltySplitterFactory {
    /// @notice A splitter was made.
    event RoyaltySplitterCreated(RoyaltySplitter indexed splitter, address[] payees, uint256[] shares);

    /// @notice There must be as many shares as payees, at least one and at most `maximum`.
    error RoyaltySplitterInvalidLength(uint256 payees, uint256 shares, uint256 maximum);

    /// @notice A payee is not zero and is named once, and its share is not zero and at most `maximum`.
    error RoyaltySplitterInvalidShare(address payee, uint256 share, uint256 maximum);

    uint256 private constant MAX_PAYEES = 100;

    /// @dev Keeps the product of a balance and a share far below 256 bits.
    uint256 private constant MAX_SHARE = type(uint32).max;

    /// @notice The contract that the clones delegate to.
    RoyaltySplitter public immutable implementation = new RoyaltySplitter();

    /// @notice Makes a splitter, or returns the one that exists: whoever was first made the very same.
    function createSplitter(
        address[] calldata payees,
        uint256[] calldata shares,
        bytes32 salt
    ) external returns (RoyaltySplitter splitter) {
        _checkShares(payees, shares);
        splitter = RoyaltySplitter(payable(predictSplitter(payees, shares, salt)));
        if (address(splitter).code.length != 0) return splitter;

        bytes memory args = abi.encode(payees, shares);
        Clones.cloneDeterministicWithImmutableArgs(address(implementation), args, salt);
        emit RoyaltySplitterCreated(splitter, payees, shares);
    }

    /// @notice Where `createSplitter` puts a splitter.
    function predictSplitter(
        address[] calldata payees,
        uint256[] calldata shares,
        bytes32 salt
    ) public view returns (address) {
        bytes memory args = abi.encode(payees, shares);
        return Clones.predictDeterministicAddressWithImmutableArgs(address(implementation), args, salt);
    }

    function _checkShares(address[] calldata payees, uint256[] calldata shares) private pure {
        if (payees.length == 0 || payees.length != shares.length || payees.length > MAX_PAYEES) {
            revert RoyaltySplitterInvalidLength(payees.length, shares.length, MAX_PAYEES);
        }
        for (uint256 i = 0; i < payees.length; ++i) {
            bool isKnown;
            for (uint256 j = 0; j < i; ++j) isKnown = isKnown || payees[j] == payees[i];
            if (isKnown || payees[i] == address(0) || shares[i] == 0 || shares[i] > MAX_SHARE) {
                revert RoyaltySplitterInvalidShare(payees[i], shares[i], MAX_SHARE);
            }
        }
    }
}
