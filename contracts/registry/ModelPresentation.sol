// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {IModelRenderer} from "./IModelRenderer.sol";
import {MetadataURI} from "../libraries/MetadataURI.sol";
import {ModelStatuses} from "./ModelStatuses.sol";

/**
 * @title What wallets and marketplaces show
 * @notice An active token points at its metadata. One that is not says so itself, so that a recall reaches whoever looks
 * at a wallet; with the picture of a separate renderer, where one is set and answers.
 */
abstract contract ModelPresentation is ModelStatuses {
    using Strings for string;

    bytes4 private constant ERC7572_INTERFACE_ID = 0xe8a3d485;

    /// @dev The collection's name, escaped once when the contract is made.
    string private _nameInJson;
    address private _renderer;
    bool private _rendererLocked;

    constructor() {
        _nameInJson = name().escapeJSON();
    }

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
        return _toDataURI(_nameInJson, "", abi.encodeCall(IModelRenderer.collectionImageURI, ()));
    }

    /// @inheritdoc ERC721
    function tokenURI(uint256 tokenId) public view virtual override returns (string memory) {
        Model storage model = _requireModel(tokenId);
        string memory uri = MetadataURI.fromDigest(model.metadataDigest);
        Status status = model.record.status;
        return status == Status.Active ? uri : _recallURI(tokenId, status, uri);
    }

    /// @inheritdoc ModelStatuses
    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return interfaceId == ERC7572_INTERFACE_ID || super.supportsInterface(interfaceId);
    }

    /// @dev The metadata of a token that is not active: nothing in it was written by a user.
    function _recallURI(uint256 tokenId, Status status, string memory uri) private view returns (string memory) {
        string memory word = status == Status.Revoked ? "Revoked" : "Deprecated";
        return
            _toDataURI(
                string.concat(word, " model"),
                string.concat(
                    ',"description":"Do not rely on this model. Its record: ',
                    uri,
                    '","metadata_uri":"',
                    uri,
                    '","attributes":[{"trait_type":"Status","value":"',
                    word,
                    '"}]'
                ),
                abi.encodeCall(IModelRenderer.tokenImageURI, (tokenId))
            );
    }

    /// @dev A JSON document of a name, further members, and the picture that the renderer answers to `call`, if any.
    function _toDataURI(
        string memory escapedName,
        string memory members,
        bytes memory call
    ) private view returns (string memory) {
        (bool success, bytes memory answer) = _renderer.staticcall(call);
        if (success && answer.length != 0) {
            members = string.concat(members, ',"image":"', abi.decode(answer, (string)), '"');
        }
        string memory json = string.concat('{"name":"', escapedName, '"', members, "}");
        return string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
    }
}
