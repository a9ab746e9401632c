// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title The part of an OperatorFilterRegistry that a collection asks
interface IOperatorFilterRegistry {
    /// @notice Whether `operator` may move the tokens of `registrant`; some registries revert instead of answering no.
    function isOperatorAllowed(address registrant, address operator) external view returns (bool);
}
