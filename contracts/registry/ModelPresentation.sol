// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {MetadataURI} from "../libraries/MetadataURI.sol";
import {ModelDocuments} from "./ModelDocuments.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title What wallets and marketplaces show
 * @notice An active token points at its metadata. One that is not says so itself, so that a recall reaches whoever looks
 * at a wallet; with the picture of a separate renderer, where one is set and answers.
 */
abstract contract ModelPresentation is ModelRecords {
    /// @dev Made with the registry: the first contract that it creates, so its address follows from the registry's.
    ModelDocuments private immutable _documents = new ModelDocuments();

    address private _renderer;
    bool private _rendererLocked;

    /// @inheritdoc IModelProvenanceNFT
    function setRenderer(address renderer) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (_rendererLocked) revert ModelProvenanceLockedRenderer(_renderer);
        if (renderer != address(0) && renderer.code.length == 0) revert ModelProvenanceInvalidRenderer(renderer);

        emit RendererChanged(_renderer, renderer);
        _renderer = renderer;
        emit BatchMetadataUpdate(0, type(uint256).max);
        emit ContractURIUpdated();
    }

    /// @inheritdoc IModelProvenanceNFT
    function lockRenderer() external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (_rendererLocked) revert ModelProvenanceLockedRenderer(_renderer);

        _rendererLocked = true;
        emit RendererLocked(_renderer);
    }

    /// @inheritdoc IModelProvenanceNFT
    function getRenderer() external view returns (address) {
        return _renderer;
    }

    /// @inheritdoc IModelProvenanceNFT
    function metadataURI(uint256 tokenId) external view returns (string memory) {
        return MetadataURI.fromDigest(_requireModel(tokenId).metadataDigest);
    }

    /// @inheritdoc IModelProvenanceNFT
    function contractURI() external view returns (string memory) {
        return _documents.collectionURI();
    }

    /// @inheritdoc ERC721
    function tokenURI(uint256 tokenId) public view virtual override returns (string memory) {
        Model storage model = _requireModel(tokenId);
        if (model.record.status != Status.Active) return _documents.recallURI(tokenId);
        return MetadataURI.fromDigest(model.metadataDigest);
    }
}
