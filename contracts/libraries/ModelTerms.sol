// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/**
 * @title Framework and licence, kept once for all the models that share both
 * @notice An append-only table: a pair gets the next number when it is first seen and keeps it for ever. The pair of
 * two empty texts is number 0 and is never stored. One number for both texts takes one storage read in a mint, where
 * a table for each would take two; and a common pair fits into one slot.
 */
library ModelTerms {
    /// @dev The hash of two empty texts.
    bytes32 private constant EMPTY_HASH = keccak256(hex"00");

    struct Table {
        mapping(bytes32 packedHash => uint32 id) ids;
        bytes[] packed;
    }

    /// @notice The number of a pair of texts of at most 255 bytes, which is added where it is new.
    function intern(
        Table storage table,
        string calldata framework,
        string calldata license
    ) internal returns (uint32 id) {
        bytes32 packedHash = _hash(framework, license);
        id = table.ids[packedHash];
        if (id == 0) {
            if (packedHash == EMPTY_HASH) return 0;
            // The length of the first text says where the second begins.
            table.packed.push(abi.encodePacked(uint8(bytes(framework).length), framework, license));
            id = SafeCast.toUint32(table.packed.length);
            table.ids[packedHash] = id;
        }
    }

    /// @notice The pair with this number, which must have been given out.
    function get(
        Table storage table,
        uint32 id
    ) internal view returns (string memory framework, string memory license) {
        if (id == 0) return ("", "");

        bytes memory packed = table.packed[id - 1];
        uint256 length = uint8(packed[0]);
        framework = new string(length);
        license = string(packed);
        // The first text moves into memory of its own, the second to the front of what held both.
        assembly ("memory-safe") {
            let rest := sub(mload(packed), add(length, 1))
            mcopy(add(framework, 0x20), add(packed, 0x21), length)
            mcopy(add(packed, 0x20), add(packed, add(length, 0x21)), rest)
            mstore(packed, rest)
        }
    }

    /// @dev The hash of the packed pair, made in memory that is not kept.
    function _hash(string calldata framework, string calldata license) private pure returns (bytes32 packedHash) {
        assembly ("memory-safe") {
            let packed := mload(0x40)
            mstore8(packed, framework.length)
            calldatacopy(add(packed, 1), framework.offset, framework.length)
            calldatacopy(add(packed, add(framework.length, 1)), license.offset, license.length)
            packedHash := keccak256(packed, add(add(framework.length, license.length), 1))
        }
    }
}
