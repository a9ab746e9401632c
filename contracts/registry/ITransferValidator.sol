// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title A contract that decides whether a token may be transferred (ERC-721C)
interface ITransferValidator {
    /// @notice Reverts where `caller` may not move the token.
    function validateTransfer(address caller, address from, address to, uint256 tokenId) external view;
}
