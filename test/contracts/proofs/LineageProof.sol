// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice The rules by which parents are linked, seen from one model, which may be any: so what is proved of it as a
 * parent holds for every parent. Proved by .ci/prove.ts: the graph has no cycle, and time agrees with it.
 */
contract LineageProof {
    uint256 private _now = 1;

    /// @dev When the model was recorded; zero: not yet.
    uint256 private _mintedAt;

    function wait(uint64 time) external {
        require(_now < type(uint128).max);
        _now += time;
    }

    /// @notice Any model is recorded: this one or another, naming this one as a parent or not, now or from an older batch.
    function mint(bool isThisOne, bool namesThisOne, uint256 mintedAt) external {
        require(mintedAt != 0 && mintedAt <= _now);
        if (isThisOne) require(_mintedAt == 0);
        if (namesThisOne) require(_mintedAt != 0 && _mintedAt <= mintedAt);

        if (namesThisOne) {
            // A model that is named was recorded before the one that names it, and parents are named once, in recording:
            // a walk to parents goes back in the order of recording and never comes to where it began.
            assert(!isThisOne);
            assert(_mintedAt <= mintedAt);
        }
        if (isThisOne) _mintedAt = mintedAt;
    }
}
