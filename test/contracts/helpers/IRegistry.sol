// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IAccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/IAccessControlDefaultAdminRules.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC5313} from "@openzeppelin/contracts/interfaces/IERC5313.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ICreatorToken} from "../../../contracts/registry/ICreatorToken.sol";
import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";

/// @notice All that a registry answers. Who imports the contract itself has it compiled again with every test.
interface IRegistry is
    IModelProvenanceNFT,
    IERC721Metadata,
    IERC2981,
    IERC5313,
    IAccessControl,
    IAccessControlDefaultAdminRules,
    ICreatorToken
{
    function MINTER_ROLE() external view returns (bytes32);
    function CURATOR_ROLE() external view returns (bytes32);
}
