// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title Well-formed UTF-8, by table 3-7 of the Unicode standard: nothing over-long, no surrogate, nothing above U+10FFFF
library Utf8 {
    /// @notice Whether the whole text is well-formed.
    function isValid(bytes memory text) internal pure returns (bool) {
        for (uint256 i = 0; i < text.length;) {
            uint256 length = sequenceLength(text, i);
            if (length == 0) return false;
            i += length;
        }
        return true;
    }

    /// @notice How many bytes the character takes that begins at `i`, which is before the end; zero where none does.
    function sequenceLength(bytes memory text, uint256 i) internal pure returns (uint256 length) {
        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(add(text, 0x20), i))
        }
        uint256 lead = word >> 248;
        if (lead < 0x80) return 1;
        length =
            lead < 0xe0
                ? 2
                : lead < 0xf0
                    ? 3
                    : 4;
        if (lead < 0xc2 || lead > 0xf4 || length > text.length - i) return 0;

        // Four lead bytes narrow what may come second.
        uint256 second = (word >> 240) & 0xff;
        if (
            second <
            (
                lead == 0xe0
                    ? 0xa0
                    : lead == 0xf0
                        ? 0x90
                        : 0x80
            )
        ) return 0;
        if (
            second >
            (
                lead == 0xed
                    ? 0x9f
                    : lead == 0xf4
                        ? 0x8f
                        : 0xbf
            )
        ) return 0;
        if (length > 2 && (word >> 232) & 0xc0 != 0x80) return 0;
        if (length > 3 && (word >> 224) & 0xc0 != 0x80) return 0;
    }
}
