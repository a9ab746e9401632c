// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {WalletMock} from "./WalletMock.sol";

/// @notice Makes wallets at addresses that are known before (ERC-6492).
contract WalletFactoryMock {
    function make(address owner) external returns (address) {
        return address(new WalletMock{salt: 0}(owner));
    }

    function addressOf(address owner) external view returns (address) {
        return Create2.computeAddress(0, keccak256(abi.encodePacked(type(WalletMock).creationCode, abi.encode(owner))));
    }
}

/// @notice What a hostile account answers to whether it signed.
contract HostileWalletMock {
    enum Kind {
        Reverts,
        AnswersNothing,
        AnswersHalf,
        AnswersTrue,
        AnswersWithMore,
        AnswersForEver
    }

    Kind public immutable kind;

    constructor(Kind kind_) {
        kind = kind_;
    }

    function isValidSignature(bytes32, bytes calldata) external view {
        if (kind == Kind.Reverts) revert("no");
        bytes32 magic = HostileWalletMock.isValidSignature.selector;
        (uint256 word, uint256 length) = (uint256(magic), 32);
        if (kind == Kind.AnswersNothing) length = 0;
        if (kind == Kind.AnswersHalf) length = 4;
        if (kind == Kind.AnswersTrue) word = 1;
        if (kind == Kind.AnswersWithMore) word |= 1;
        if (kind == Kind.AnswersForEver) (word, length) = (0, 1_000_000);
        assembly {
            mstore(0, word)
            return(0, length)
        }
    }
}
