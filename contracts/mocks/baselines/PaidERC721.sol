// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/**
 * @title Baseline: a token that is paid for
 * @notice Takes a price in an ERC-20 token and mints, in one transaction; no licence, no offer, no parents. Deployed by the
 * gas bench only.
 */
contract PaidERC721 is ERC721 {
    using SafeERC20 for IERC20;

    IERC20 private immutable _currency;
    uint256 private immutable _price;
    address private immutable _seller;
    uint256 private _nextTokenId;

    constructor(IERC20 currency, uint256 price, address seller) ERC721("Paid", "PAID") {
        (_currency, _price, _seller) = (currency, price, seller);
    }

    function buy(address to) external returns (uint256 tokenId) {
        _currency.safeTransferFrom(msg.sender, _seller, _price);
        tokenId = _nextTokenId++;
        _mint(to, tokenId);
    }
}
