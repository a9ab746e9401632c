// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Baseline: OpenZeppelin's token as it is
/// @notice What a transfer is compared with. Deployed by the gas bench only.
contract PlainERC721 is ERC721 {
    constructor() ERC721("Plain", "PLAIN") {}

    function mint(address to, uint256 tokenId) external {
        _safeMint(to, tokenId);
    }
}
