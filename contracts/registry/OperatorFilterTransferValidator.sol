// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOperatorFilterRegistry} from "./IOperatorFilterRegistry.sol";
import {ITransferValidator} from "./ITransferValidator.sol";

/**
 * @title OperatorFilterTransferValidator
 * @notice A transfer validator that asks an OperatorFilterRegistry. As its own filterer did, it lets owners move their
 * tokens themselves and asks about everybody else; the collection that calls is the registrant.
 */
contract OperatorFilterTransferValidator is ITransferValidator {
    /// @notice The registry has no code.
    error OperatorFilterInvalidRegistry(address registry);

    /// @notice The registry does not allow the operator to move this collection's tokens.
    error OperatorFilterOperatorNotAllowed(address collection, address operator);

    /// @notice The registry that is asked.
    IOperatorFilterRegistry public immutable registry;

    constructor(IOperatorFilterRegistry registry_) {
        if (address(registry_).code.length == 0) revert OperatorFilterInvalidRegistry(address(registry_));
        registry = registry_;
    }

    /// @inheritdoc ITransferValidator
    function validateTransfer(address caller, address from, address, uint256) external view {
        if (caller != from && !registry.isOperatorAllowed(msg.sender, caller)) {
            revert OperatorFilterOperatorNotAllowed(msg.sender, caller);
        }
    }
}
