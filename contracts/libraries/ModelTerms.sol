// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/**
 * @title Framework and licence, kept once for all the models that share both
 * @notice An append-only table: a pair gets the next number when it is first seen and keeps it for ever. The pair of
 * two empty texts is number 0 and is never stored. One number for both texts takes one storage read in a mint, where
 * a table for each would take two.
 */
library ModelTerms {
    struct Terms {
        string framework;
        string license;
    }

    struct Table {
        mapping(bytes32 pairHash => uint32 id) ids;
        Terms[] pairs;
    }

    /// @notice The number of a pair, which is added where it is new.
    function intern(
        Table storage table,
        string calldata framework,
        string calldata license
    ) internal returns (uint32 id) {
        if (bytes(framework).length + bytes(license).length == 0) return 0;

        // The length of the first text keeps ("ab", "c") and ("a", "bc") apart.
        bytes32 pairHash = keccak256(abi.encodePacked(bytes(framework).length, framework, license));
        id = table.ids[pairHash];
        if (id == 0) {
            table.pairs.push(Terms({framework: framework, license: license}));
            id = SafeCast.toUint32(table.pairs.length);
            table.ids[pairHash] = id;
        }
    }

    /// @notice The pair with this number, which must have been given out.
    function get(Table storage table, uint32 id) internal view returns (Terms memory terms) {
        if (id != 0) terms = table.pairs[id - 1];
    }
}
