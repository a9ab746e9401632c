// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {Utf8} from "./Utf8.sol";

/// @title Text of unknown origin inside a JSON string
library JsonText {
    bytes16 private constant HEX = "0123456789abcdef";

    uint256 private constant ONES = type(uint256).max / 0xff;

    /// @notice Whether text may stand between the quotes as it is: ASCII without control characters, quotes, backslashes.
    function isPlain(bytes memory text) internal pure returns (bool) {
        // 32 bytes at once; what follows the text in its last word is made spaces.
        for (uint256 i = 0; i < text.length; i += 32) {
            uint256 word = uint256(_wordAt(text, i));
            uint256 rest = text.length - i;
            if (rest < 32) word = ((word >> (256 - 8 * rest)) << (256 - 8 * rest)) | ((0x20 * ONES) >> (8 * rest));
            uint256 others = _zeroBytes(word ^ (0x22 * ONES)) | _zeroBytes(word ^ (0x5c * ONES));
            if ((others | _zeroBytes(word & (0xe0 * ONES)) | word) & (0x80 * ONES) != 0) return false;
        }
        return true;
    }

    /**
     * @notice What may stand between the quotes of a JSON string (RFC 8259) for any bytes: quotes, backslashes and control
     * characters are escaped, and each byte that is no UTF-8 becomes U+FFFD, so that whoever parses the document can.
     */
    function escape(bytes memory text) internal pure returns (string memory escaped) {
        uint256 end;
        // Written where memory is free, for how long it gets is known only at its end; nothing else allocates meanwhile.
        assembly ("memory-safe") {
            escaped := mload(0x40)
            end := add(escaped, 0x20)
        }
        for (uint256 i = 0; i < text.length;) {
            bytes1 character = text[i];
            uint256 length = Utf8.sequenceLength(text, i);
            if (length == 0) {
                end = _append(end, unicode"\ufffd", 3);
                length = 1;
            } else if (character < 0x20) {
                end = _append(end, "\\u00", 4);
                end = _append(end, HEX[uint8(character) >> 4], 1);
                end = _append(end, HEX[uint8(character) & 15], 1);
            } else {
                if (character == '"' || character == "\\") end = _append(end, "\\", 1);
                end = _append(end, _wordAt(text, i), length);
            }
            i += length;
        }
        assembly ("memory-safe") {
            mstore(escaped, sub(end, add(escaped, 0x20)))
            mstore(0x40, and(add(end, 31), not(31)))
        }
    }

    /// @dev Writes a word and moves on by as many bytes as count; what comes next overwrites the rest.
    function _append(uint256 end, bytes32 word, uint256 length) private pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(end, word)
        }
        return end + length;
    }

    /// @dev Has the highest bit set of some byte, if and only if a byte is zero.
    function _zeroBytes(uint256 word) private pure returns (uint256) {
        unchecked {
            return (word - ONES) & ~word & (0x80 * ONES);
        }
    }

    function _wordAt(bytes memory text, uint256 i) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(text, 0x20), i))
        }
    }
}
