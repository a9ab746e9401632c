// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC5643} from "../../../contracts/market/IERC5643.sol";
import {ILicenseMarket} from "../../../contracts/market/ILicenseMarket.sol";

/// @notice All that the market answers, as {IRegistry} does for a registry.
interface IMarket is ILicenseMarket, IERC721, IERC5643 {}
