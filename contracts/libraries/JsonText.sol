// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {Utf8} from "./Utf8.sol";

/// @title Text of unknown origin inside a JSON string
library JsonText {
    bytes16 private constant HEX = "0123456789abcdef";

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
        for (uint256 i = 0; i < text.length; ) {
            uint256 character = uint8(text[i]);
            if (character < 0x20) {
                end = _append(end, "\\u00", 4);
                end = _append(end, HEX[character >> 4], 1);
                end = _append(end, HEX[character & 15], 1);
                ++i;
            } else if (character == 0x22 || character == 0x5c) {
                end = _append(end, "\\", 1);
                end = _append(end, text[i++], 1);
            } else if (character < 0x80) {
                end = _append(end, text[i++], 1);
            } else {
                uint256 length = Utf8.sequenceLength(text, i);
                if (length == 0) {
                    end = _append(end, unicode"\ufffd", 3);
                    ++i;
                }
                for (; length != 0; --length) end = _append(end, text[i++], 1);
            }
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
}
