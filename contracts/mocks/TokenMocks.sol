// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RoyaltySplitter} from "../royalties/RoyaltySplitter.sol";

/// @notice A plain ERC-20 token.
contract ERC20Mock is ERC20 {
    constructor() ERC20("Mock", "MOCK") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice A token that burns a percentage of every transfer.
contract FeeOnTransferERC20Mock is ERC20 {
    constructor() ERC20("Fee", "FEE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : amount / 10;
        if (fee != 0) super._update(from, address(0), fee);
        super._update(from, to, amount - fee);
    }
}

/// @notice A token that calls back before it moves the balance, and then tries to take the same part again.
contract HookedERC20Mock is ERC20 {
    constructor() ERC20("Hook", "HOOK") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from.code.length != 0) RoyaltySplitter(payable(from)).release(IERC20(address(this)), to);
        super._update(from, to, amount);
    }
}

/// @notice A payee that refuses ether, or that asks for its part again when it gets it.
contract PayeeMock {
    RoyaltySplitter private _splitter;
    bool private immutable _refuses;

    constructor(bool refuses) {
        _refuses = refuses;
    }

    function setSplitter(RoyaltySplitter splitter) external {
        _splitter = splitter;
    }

    receive() external payable {
        require(!_refuses, "no ether please");
        _splitter.release(IERC20(address(0)), address(this));
    }
}
