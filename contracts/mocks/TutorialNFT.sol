// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice A token as tutorials make it: anybody mints, and says where the metadata is.
contract TutorialNFT is ERC721URIStorage {
    constructor() ERC721("Tutorial", "TUT") {}

    function mint(address to, uint256 tokenId, string calldata uri) external {
        _mint(to, tokenId);
        _setTokenURI(tokenId, uri);
    }
}
