// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RoyaltySplitter} from "../../contracts/royalties/RoyaltySplitter.sol";
import {RoyaltySplitterFactory} from "../../contracts/royalties/RoyaltySplitterFactory.sol";
import {ERC20Mock} from "../../contracts/mocks/TokenMocks.sol";
import {deploy} from "./helpers/deploy.sol";
import {vm} from "./helpers/Vm.sol";

/// @notice Pays a splitter and has it pay out, in ether and in a token.
contract SplitterHandler {
    RoyaltySplitter public immutable splitter;
    ERC20Mock public immutable token;
    address[3] public payees;
    mapping(address asset => uint256) public received;

    constructor(RoyaltySplitter splitter_, ERC20Mock token_, address[3] memory payees_) {
        splitter = splitter_;
        token = token_;
        payees = payees_;
    }

    function pay(uint96 amount) external {
        vm.deal(address(this), amount);
        (bool success, ) = address(splitter).call{value: amount}("");
        require(success, "payment");
        received[address(0)] += amount;
    }

    function payToken(uint96 amount) external {
        token.mint(address(splitter), amount);
        received[address(token)] += amount;
    }

    function release(uint8 index, bool inToken) external {
        IERC20 asset = inToken ? IERC20(address(token)) : IERC20(address(0));
        try splitter.release(asset, payees[index % 3]) {} catch {}
    }
}

contract SplitterInvariantTest {
    SplitterHandler private _handler;
    RoyaltySplitter private _splitter;
    ERC20Mock private _token;
    address[3] private _payees = [address(0xB1), address(0xB2), address(0xB3)];

    function setUp() external {
        address[] memory payees = new address[](3);
        uint256[] memory shares = new uint256[](3);
        for (uint256 i = 0; i < 3; ++i) (payees[i], shares[i]) = (_payees[i], 1 + i * 3);
        address factory = deploy("RoyaltySplitterFactory.sol:RoyaltySplitterFactory", "");
        _splitter = RoyaltySplitterFactory(factory).createSplitter(payees, shares, "salt");
        _token = new ERC20Mock();
        _handler = new SplitterHandler(_splitter, _token, _payees);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_ReleasesAndBalanceAreReceipts() external view {
        _check(IERC20(address(0)), address(_splitter).balance);
        _check(IERC20(address(_token)), _token.balanceOf(address(_splitter)));
    }

    /// Received is released, or still there; and of what is there, all but a unit for each payee can be taken.
    function _check(IERC20 asset, uint256 balance) private view {
        uint256 released;
        uint256 releasable;
        for (uint256 i = 0; i < 3; ++i) {
            released += _splitter.released(asset, _payees[i]);
            releasable += _splitter.releasable(asset, _payees[i]);
        }
        require(released == _splitter.totalReleased(asset), "sum of releases");
        require(released + balance == _handler.received(address(asset)), "receipts");
        require(releasable <= balance && balance - releasable < 3, "dust");
    }
}
