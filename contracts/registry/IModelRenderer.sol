// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title SVG that other contracts may compose (ERC-4883)
interface IERC4883 {
    /// @notice The body of an SVG, without the `svg` element around it.
    function renderTokenById(uint256 id) external view returns (string memory);
}

/// @title A contract that draws the tokens of one registry
interface IModelRenderer is IERC4883 {
    /// @notice The picture of a token as a data URI.
    function tokenImageURI(uint256 tokenId) external view returns (string memory);

    /// @notice The picture of the collection as a data URI.
    function collectionImageURI() external view returns (string memory);
}
