// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A renderer that answers whatever it was told to, as it is: a text, half of one, far too much, or nothing in the end.
contract RendererMock {
    error CannotDraw();

    enum Behaviour {
        Answer,
        Revert,
        BurnGas,
        AnswerMegabyte
    }

    Behaviour private _behaviour;
    bytes private _answer;

    function behave(Behaviour behaviour, bytes calldata answer) external {
        _behaviour = behaviour;
        _answer = answer;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        if (_behaviour == Behaviour.Revert) revert CannotDraw();
        if (_behaviour == Behaviour.BurnGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        bytes memory answer = _behaviour == Behaviour.Answer ? _answer : new bytes(1_048_576);
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }
}
