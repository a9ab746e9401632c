// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

/// @notice A receiver that can misbehave, and that remembers what the token looked like when it was called.
contract ReceiverMock is IERC721Receiver {
    enum Behaviour {
        Accept,
        WrongMagic,
        RevertEmpty,
        RevertWithMessage,
        Reenter
    }

    Behaviour public immutable behaviour;
    address private _target;
    bytes private _call;
    bytes public answer;
    uint256 public received;

    constructor(Behaviour behaviour_) {
        behaviour = behaviour_;
    }

    /// @notice What is called from inside of the hook.
    function setCall(address target, bytes calldata data) external {
        _target = target;
        _call = data;
    }

    function onERC721Received(address, address, uint256 tokenId, bytes calldata) external returns (bytes4) {
        received = tokenId;
        if (behaviour == Behaviour.WrongMagic) return 0xdeadbeef;
        if (behaviour == Behaviour.RevertEmpty) {
            assembly {
                revert(0, 0)
            }
        }
        require(behaviour != Behaviour.RevertWithMessage, "no tokens please");
        if (behaviour == Behaviour.Reenter) {
            bool success;
            (success, answer) = _target.call(_call);
            if (!success) {
                bytes memory reason = answer;
                assembly {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}
