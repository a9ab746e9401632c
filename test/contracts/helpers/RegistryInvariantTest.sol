// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RegistryHandler} from "../handlers/RegistryHandler.sol";
import {RegistryTest} from "./RegistryTest.sol";
import {vm} from "./Vm.sol";

/// @notice What the invariant tests share: a registry that nobody but a handler calls.
abstract contract RegistryInvariantTest is RegistryTest {
    RegistryHandler internal handler;

    function setUp() public override {
        super.setUp();
        vm.warp(1_000_000);
        handler = new RegistryHandler(registry, ADMIN);
        // Everybody is a minter, and one is a curator, until the handler changes it.
        for (uint8 i = 0; i < 4; ++i) handler.setRole(i, false, 8);
        handler.setRole(2, true, 8);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }
}
