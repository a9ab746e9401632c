// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITransferValidator} from "../registry/ITransferValidator.sol";

interface ITransfer {
    function transferFrom(address from, address to, uint256 tokenId) external;
}

/// @notice A validator that allows, refuses, or burns all gas.
contract TransferValidatorMock is ITransferValidator {
    enum Behaviour {
        Allow,
        Refuse,
        BurnGas
    }

    error TransferRefused(address caller, address from, address to, uint256 tokenId);

    Behaviour public immutable behaviour;

    constructor(Behaviour behaviour_) {
        behaviour = behaviour_;
    }

    /// @notice Moves a token the validator was approved for.
    function move(ITransfer token, address from, address to, uint256 tokenId) external {
        token.transferFrom(from, to, tokenId);
    }

    function validateTransfer(address caller, address from, address to, uint256 tokenId) external view {
        if (behaviour == Behaviour.Refuse) revert TransferRefused(caller, from, to, tokenId);
        uint256 i;
        while (behaviour == Behaviour.BurnGas) ++i;
    }
}
