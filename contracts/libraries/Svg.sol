// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/**
 * @title The pieces of the pictures
 * @notice Everything is drawn on a square of 400; the pattern fills 320 by 272 at (40, 40).
 */
library Svg {
    using Strings for uint256;

    uint256 private constant COLUMNS = 16;
    uint256 private constant ROWS = 16;
    uint256 private constant CELL_WIDTH = 20;
    uint256 private constant CELL_HEIGHT = 17;

    /// @notice A whole document around a body.
    function document(string memory body) internal pure returns (string memory) {
        return
            string.concat(
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">',
                body,
                "</svg>"
            );
    }

    /// @notice A dark square with a rim in the colour of the seed.
    function background(uint256 seed) internal pure returns (string memory) {
        return
            string.concat(
                '<rect width="400" height="400" fill="#0f172a"/><rect x="6" y="6" width="388" height="388" rx="18"',
                ' fill="none" stroke="',
                _color(seed, 0),
                '" stroke-width="4"/>'
            );
    }

    /// @notice One cell for each of the 256 bits: full where it is set, a dot where it is not, so no two are alike.
    function pattern(uint256 seed) internal pure returns (string memory) {
        bytes memory full;
        bytes memory dots;
        for (uint256 row = 0; row < ROWS; ++row) {
            for (uint256 column = 0; column < COLUMNS; ++column) {
                uint256 bit = (seed >> (255 - row * COLUMNS - column)) & 1;
                bytes memory corner = abi.encodePacked(
                    "M",
                    (40 + column * CELL_WIDTH + (bit == 1 ? 1 : 8)).toString(),
                    " ",
                    (40 + row * CELL_HEIGHT + (bit == 1 ? 1 : 7)).toString()
                );
                if (bit == 1) full = bytes.concat(full, corner, "h18v15h-18z");
                else dots = bytes.concat(dots, corner, "h4v3h-4z");
            }
        }
        return
            string.concat(
                '<path fill="',
                _color(seed, 0),
                '" d="',
                string(full),
                '"/><path fill="',
                _color(seed, 1),
                '" opacity=".5" d="',
                string(dots),
                '"/>'
            );
    }

    /// @notice A line of text, which must be escaped.
    function label(
        uint256 x,
        uint256 y,
        uint256 size,
        string memory color,
        string memory text
    ) internal pure returns (string memory) {
        return
            string.concat(
                '<text x="',
                x.toString(),
                '" y="',
                y.toString(),
                '" font-family="monospace" font-size="',
                size.toString(),
                '" fill="',
                color,
                '">',
                text,
                "</text>"
            );
    }

    /// @notice A band across the middle with a word on it.
    function band(string memory color, string memory word) internal pure returns (string memory) {
        return
            string.concat(
                '<rect y="146" width="400" height="60" fill="',
                color,
                '"/><text x="200" y="190" text-anchor="middle" font-family="sans-serif" font-weight="bold" ',
                'font-size="40" letter-spacing="4" fill="#fff">',
                word,
                "</text>"
            );
    }

    /**
     * @notice Makes text of unknown origin safe between the tags of an SVG, and at most `maximum` characters long.
     * @dev The five characters of XML become references; control characters, which XML forbids, and bytes that are not
     * ASCII, which a cut could leave half, become a question mark.
     */
    function escape(string memory text, uint256 maximum) internal pure returns (string memory) {
        bytes memory source = bytes(text);
        bytes memory result;
        for (uint256 i = 0; i < source.length; ++i) {
            if (i == maximum) return string.concat(string(result), unicode"…");
            result = bytes.concat(result, _escapeCharacter(source[i]));
        }
        return string(result);
    }

    function _escapeCharacter(bytes1 character) private pure returns (bytes memory) {
        if (character == "&") return "&amp;";
        if (character == "<") return "&lt;";
        if (character == ">") return "&gt;";
        if (character == '"') return "&quot;";
        if (character == "'") return "&#39;";
        if (character < 0x20 || character > 0x7e) return "?";
        return abi.encodePacked(character);
    }

    /// @dev A light colour from two bytes of the seed, from yellow-green over blue to violet: red and amber are the colours
    /// of recalls.
    function _color(uint256 seed, uint256 index) private pure returns (string memory) {
        uint256 hue = 80 + (uint256(uint16(seed >> (index * 16))) * 220) / 65_536;
        return string.concat("hsl(", hue.toString(), ",70%,", index == 0 ? "62%" : "48%", ")");
    }
}
