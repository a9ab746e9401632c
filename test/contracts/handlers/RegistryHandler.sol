// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../helpers/IRegistry.sol";
import {AdminHandler} from "./AdminHandler.sol";
import {AnchorsHandler} from "./AnchorsHandler.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {OwnersHandler} from "./OwnersHandler.sol";
import {RecordsHandler} from "./RecordsHandler.sol";
import {VouchersHandler} from "./VouchersHandler.sol";

/// @notice Calls a registry in every way, with four accounts that get and lose roles, and remembers what should be.
contract RegistryHandler is RecordsHandler, VouchersHandler, AnchorsHandler, OwnersHandler, AdminHandler {
    constructor(IRegistry registry_, address admin_) HandlerBase(registry_, admin_) {}
}
