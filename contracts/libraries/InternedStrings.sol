// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/**
 * @title Texts that many records share, kept once
 * @notice An append-only table: a text gets the next number when it is first seen and keeps it for ever. The empty text
 * is number 0 and is never stored.
 */
library InternedStrings {
    struct Table {
        mapping(bytes32 textHash => uint16 id) ids;
        string[] texts;
    }

    /// @notice The number of `text`, which is added where it is new. Reverts when all 65 535 numbers are taken.
    function intern(Table storage table, string calldata text) internal returns (uint16 id) {
        if (bytes(text).length == 0) return 0;

        bytes32 textHash = keccak256(bytes(text));
        id = table.ids[textHash];
        if (id == 0) {
            table.texts.push(text);
            id = SafeCast.toUint16(table.texts.length);
            table.ids[textHash] = id;
        }
    }

    /// @notice The text with this number, which must have been given out.
    function get(Table storage table, uint16 id) internal view returns (string memory) {
        return id == 0 ? "" : table.texts[id - 1];
    }
}
