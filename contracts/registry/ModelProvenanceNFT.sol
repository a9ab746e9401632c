// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC5313} from "@openzeppelin/contracts/interfaces/IERC5313.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ICreatorToken, ILegacyCreatorToken} from "./ICreatorToken.sol";
import {ModelAnchors} from "./ModelAnchors.sol";
import {ModelEndorsements} from "./ModelEndorsements.sol";
import {ModelPresentation} from "./ModelPresentation.sol";
import {ModelRecords} from "./ModelRecords.sol";
import {ModelRoyalties} from "./ModelRoyalties.sol";
import {ModelUse} from "./ModelUse.sol";
import {ModelVouchers} from "./ModelVouchers.sol";
import {TransferValidation} from "./TransferValidation.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";

/**
 * @title ModelProvenanceNFT
 * @notice One organisation's registry of model provenance. Its code cannot change, its tokens cannot be burned, and no
 * account can rewrite a record.
 */
contract ModelProvenanceNFT is
    ModelRoyalties,
    ModelAnchors,
    ModelVouchers,
    ModelEndorsements,
    ModelUse,
    ModelPresentation,
    TransferValidation
{
    /// @dev ERC-4906 fixes this number; it is not made of the interface's functions, for there are none.
    bytes4 private constant ERC4906_INTERFACE_ID = 0x49064906;

    bytes4 private constant ERC7572_INTERFACE_ID = 0xe8a3d485;

    /// @dev How long a change of the admin waits, so that it can be seen and cancelled.
    uint48 private constant ADMIN_TRANSFER_DELAY = 3 days;

    /**
     * @notice Creates a registry. No role goes to the deployer, so that a factory can deploy it.
     * @param name_ Name of the collection.
     * @param symbol_ Symbol of the collection.
     * @param admin Administers roles, the default royalty, the transfer rules and the renderer. Not zero.
     * @param minter The first account that may record models; zero: none yet.
     * @param curator The first account that may set the status of any model; zero: none yet.
     * @param royaltyReceiver Receiver of the default royalty; zero, with zero basis points: none.
     * @param royaltyBasisPoints Rate of the default royalty in basis points, at most 1 000.
     */
    constructor(
        string memory name_,
        string memory symbol_,
        address admin,
        address minter,
        address curator,
        address royaltyReceiver,
        uint96 royaltyBasisPoints
    ) ERC721(name_, symbol_) AccessControlDefaultAdminRules(ADMIN_TRANSFER_DELAY, admin) {
        if (minter != address(0)) _grantRole(MINTER_ROLE, minter);
        if (curator != address(0)) _grantRole(CURATOR_ROLE, curator);
        _changeDefaultRoyalty(royaltyReceiver, royaltyBasisPoints);
    }

    /// @inheritdoc IModelProvenanceNFT
    function mintProvenanceNFT(
        address to,
        ModelSubmission calldata submission
    ) external onlyRole(MINTER_ROLE) returns (uint256 tokenId) {
        return _mintModel(to, msg.sender, submission);
    }

    /// @inheritdoc IModelProvenanceNFT
    function mintBatch(address to, ModelSubmission[] calldata submissions) external onlyRole(MINTER_ROLE) {
        for (uint256 i = 0; i < submissions.length; ++i) {
            _mintModel(to, msg.sender, submissions[i]);
        }
    }

    /// @inheritdoc TransferValidation
    function renounceRole(
        bytes32 role,
        address account
    ) public override(AccessControlDefaultAdminRules, TransferValidation) {
        super.renounceRole(role, account);
    }

    /// @inheritdoc ModelPresentation
    function tokenURI(uint256 tokenId) public view override(ERC721, ModelPresentation) returns (string memory) {
        return super.tokenURI(tokenId);
    }

    /// @inheritdoc ModelRecords
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IModelProvenanceNFT).interfaceId ||
            interfaceId == type(IERC2981).interfaceId ||
            interfaceId == type(IERC5267).interfaceId ||
            interfaceId == type(IERC5313).interfaceId ||
            interfaceId == type(ICreatorToken).interfaceId ^ type(ILegacyCreatorToken).interfaceId ||
            interfaceId == type(ILegacyCreatorToken).interfaceId ||
            interfaceId == ERC4906_INTERFACE_ID ||
            interfaceId == ERC7572_INTERFACE_ID ||
            super.supportsInterface(interfaceId);
    }

    /// @inheritdoc TransferValidation
    function _update(
        address to,
        uint256 tokenId,
        address auth
    ) internal override(ERC721, TransferValidation) returns (address) {
        return super._update(to, tokenId, auth);
    }
}
