// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/**
 * @title The till of one model
 * @notice Keeps what is sent to it until the market takes it in. Each till is a clone at an address that follows from the
 * market, the registry and the model, so money can come before there is any code.
 */
contract LicenseTill {
    using SafeERC20 for IERC20;

    /// @notice Only the market takes money in, and only clones keep any.
    error LicenseTillUnauthorizedAccount(address account);

    /// @notice Ether is for clones: what came here would belong to nobody.
    error LicenseTillNotAClone();

    address private immutable _market = msg.sender;
    address private immutable _implementation = address(this);

    receive() external payable {
        if (address(this) == _implementation) revert LicenseTillNotAClone();
    }

    /// @notice Sends all there is of a currency to the market; zero: ether.
    function release(address currency) external {
        if (msg.sender != _market) revert LicenseTillUnauthorizedAccount(msg.sender);

        if (currency == address(0)) Address.sendValue(payable(_market), address(this).balance);
        else IERC20(currency).safeTransfer(_market, IERC20(currency).balanceOf(address(this)));
    }
}
