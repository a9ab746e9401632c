// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOperatorFilterRegistry} from "../registry/IOperatorFilterRegistry.sol";

/// @notice A registry with the canonical interface: it reverts for a filtered operator, and its list can be subscribed to.
contract OperatorFilterRegistryMock is IOperatorFilterRegistry {
    error AddressFiltered(address filtered);

    mapping(address registrant => mapping(address operator => bool)) private _filtered;
    mapping(address registrant => address) private _subscriptions;
    bool private immutable _answersNo;

    constructor(bool answersNo) {
        _answersNo = answersNo;
    }

    function subscribe(address registrant, address subscription) external {
        _subscriptions[registrant] = subscription;
    }

    function updateOperator(address registrant, address operator, bool filtered) external {
        _filtered[registrant][operator] = filtered;
    }

    function isOperatorAllowed(address registrant, address operator) external view returns (bool) {
        address list = _subscriptions[registrant] == address(0) ? registrant : _subscriptions[registrant];
        bool allowed = !_filtered[list][operator];
        if (!allowed && !_answersNo) revert AddressFiltered(operator);
        return allowed;
    }
}
