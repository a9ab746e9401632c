// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title Well-formed UTF-8, by table 3-7 of the Unicode standard: nothing over-long, no surrogate, nothing above U+10FFFF
library Utf8 {
    /// @notice Whether the whole text is well-formed.
    function isValid(bytes memory text) internal pure returns (bool) {
        for (uint256 i = 0; i < text.length; ) {
            uint256 length = sequenceLength(text, i);
            if (length == 0) return false;
            i += length;
        }
        return true;
    }

    /// @notice How many bytes the character takes that begins at `i`; zero where none does.
    function sequenceLength(bytes memory text, uint256 i) internal pure returns (uint256 length) {
        uint256 lead = uint8(text[i]);
        if (lead < 0x80) return 1;
        length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (lead < 0xc2 || lead > 0xf4 || i + length > text.length) return 0;

        // Four lead bytes narrow what may come second.
        uint256 low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        uint256 high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        for (uint256 j = i + 1; j < i + length; ++j) {
            uint256 next = uint8(text[j]);
            if (next < low || next > high) return 0;
            (low, high) = (0x80, 0xbf);
        }
    }
}
