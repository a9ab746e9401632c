// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/interfaces/IERC721Metadata.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IERC4883, IModelRenderer} from "./IModelRenderer.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {Svg} from "../libraries/Svg.sol";

/**
 * @title ModelRenderer
 * @notice Draws the models of one registry: a pattern that only these 256 bits make, licence, relation, status and the
 * digest's ends. A revoked model is crossed out in red, a deprecated one hatched in amber.
 */
contract ModelRenderer is IModelRenderer, ERC165 {
    using Strings for uint256;

    /// @notice The registry whose models are drawn.
    IModelProvenanceNFT public immutable registry;

    constructor(IModelProvenanceNFT registry_) {
        registry = registry_;
    }

    /// @inheritdoc IModelRenderer
    function tokenImageURI(uint256 tokenId) external view returns (string memory) {
        return _toImageURI(renderTokenById(tokenId));
    }

    /// @inheritdoc IModelRenderer
    function collectionImageURI() external view returns (string memory) {
        uint256 seed = uint256(keccak256(abi.encode(block.chainid, registry)));
        string memory title = Svg.escape(IERC721Metadata(address(registry)).name(), 30);
        return
            _toImageURI(
                string.concat(
                    Svg.background(seed),
                    Svg.pattern(seed),
                    Svg.label(40, 352, 17, "#f8fafc", title),
                    Svg.label(40, 376, 12, "#94a3b8", "registry of model provenance")
                )
            );
    }

    /// @inheritdoc IERC4883
    function renderTokenById(uint256 tokenId) public view returns (string memory) {
        IModelProvenanceNFT.ModelData memory model = registry.getModelData(tokenId);
        return
            string.concat(
                Svg.background(tokenId),
                Svg.pattern(tokenId),
                _caption(tokenId, model),
                model.status == IModelProvenanceNFT.Status.Active ? "" : _mark(model.status)
            );
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == type(IERC4883).interfaceId ||
            interfaceId == type(IModelRenderer).interfaceId ||
            super.supportsInterface(interfaceId);
    }

    function _caption(
        uint256 tokenId,
        IModelProvenanceNFT.ModelData memory model
    ) private pure returns (string memory) {
        bytes memory digest = bytes(tokenId.toHexString(32));
        string memory shortDigest = string.concat(_slice(digest, 0, 10), unicode"…", _slice(digest, 58, 66));
        string memory license = bytes(model.license).length == 0 ? "no licence given" : Svg.escape(model.license, 34);
        return
            string.concat(
                Svg.label(40, 340, 18, "#f8fafc", shortDigest),
                Svg.label(40, 362, 13, "#cbd5e1", license),
                Svg.label(
                    40,
                    382,
                    12,
                    "#94a3b8",
                    string.concat(_relationWord(model.relation), unicode" · ", Svg.escape(model.framework, 28))
                )
            );
    }

    /// @dev What nobody can overlook.
    function _mark(IModelProvenanceNFT.Status status) private pure returns (string memory) {
        return
            status == IModelProvenanceNFT.Status.Revoked
                ? string.concat(
                    '<path d="M40 40L360 312M360 40L40 312" stroke="#ef4444" stroke-width="18" opacity=".85"/>',
                    Svg.band("#b91c1c", "REVOKED")
                )
                : string.concat(
                    '<path d="M40 132L132 40M40 222L222 40M40 312L312 40M130 312L360 82M220 312L360 172"',
                    ' stroke="#f59e0b" stroke-width="8" opacity=".55"/>',
                    Svg.band("#b45309", "DEPRECATED")
                );
    }

    function _relationWord(IModelProvenanceNFT.Relation relation) private pure returns (string memory) {
        string[8] memory words = [
            "base",
            "version",
            "fine-tune",
            "adapter",
            "quantized",
            "merge",
            "distilled",
            "converted"
        ];
        return words[uint256(relation)];
    }

    function _toImageURI(string memory body) private pure returns (string memory) {
        return string.concat("data:image/svg+xml;base64,", Base64.encode(bytes(Svg.document(body))));
    }

    function _slice(bytes memory text, uint256 start, uint256 end) private pure returns (string memory) {
        bytes memory part = new bytes(end - start);
        for (uint256 i = 0; i < part.length; ++i) part[i] = text[start + i];
        return string(part);
    }
}
