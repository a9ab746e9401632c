// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/interfaces/IERC721Metadata.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {JsonText} from "../libraries/JsonText.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {IModelRenderer} from "./IModelRenderer.sol";

/**
 * @title ModelDocuments
 * @notice Writes what wallets and marketplaces show of a recalled model and of the collection. A registry makes it with
 * itself, so that its own code has room, and neither can be replaced.
 * @dev A renderer is a stranger: it gets a share of the gas, what it answers is read without trust, and it can lose its
 * picture, but it cannot keep the words back. Nor can a text break out of the quotes it is put in.
 */
contract ModelDocuments {
    using Strings for address;
    using Strings for uint256;

    /// @dev What is kept for the words whatever a renderer does; they take less than half of it.
    uint256 private constant WORDS_GAS = 400_000;

    /// @dev More than a byte of a picture takes to be looked at, to be escaped, and then to be encoded and handed on.
    uint256 private constant LOOK_GAS = 50;
    uint256 private constant ESCAPE_GAS = 1_000;
    uint256 private constant ENCODE_GAS = 150;

    uint256 private constant MAX_RENDERER_GAS = 15_000_000;
    uint256 private constant MAX_ANSWER_LENGTH = 49_152;

    /// @notice The registry whose documents these are.
    IModelProvenanceNFT public immutable registry = IModelProvenanceNFT(msg.sender);

    /// @notice The metadata of a model that is not active, as a data URI.
    function recallURI(uint256 tokenId) external view returns (string memory) {
        (IModelProvenanceNFT.Status status, address account, uint40 time, string memory reason) = registry.getStatus(
            tokenId
        );
        string memory word = status == IModelProvenanceNFT.Status.Revoked ? "Revoked" : "Deprecated";
        string memory uri = registry.metadataURI(tokenId);
        reason = JsonText.escape(bytes(reason));
        return
            _toDataURI(
                string.concat(word, " model ", _shorten(tokenId)),
                string.concat(
                    ',"description":"Do not rely on this model. ',
                    bytes(reason).length == 0 ? "" : string.concat("Reason: ", reason, unicode" — "),
                    "Its record: ",
                    uri,
                    '","metadata_uri":"',
                    uri,
                    '","attributes":[{"trait_type":"Status","value":"',
                    word,
                    '"}',
                    _attributes(account, time, reason),
                    "]"
                ),
                abi.encodeCall(IModelRenderer.tokenImageURI, (tokenId))
            );
    }

    /// @notice The metadata of the collection, as a data URI (ERC-7572).
    function collectionURI() external view returns (string memory) {
        string memory name = JsonText.escape(bytes(IERC721Metadata(address(registry)).name()));
        return _toDataURI(name, "", abi.encodeCall(IModelRenderer.collectionImageURI, ()));
    }

    function _attributes(
        address account,
        uint40 time,
        string memory escapedReason
    ) private pure returns (string memory) {
        return
            string.concat(
                bytes(escapedReason).length == 0
                    ? ""
                    : string.concat(',{"trait_type":"Reason","value":"', escapedReason, '"}'),
                ',{"trait_type":"Set by","value":"',
                account.toChecksumHexString(),
                '"},{"display_type":"date","trait_type":"Since","value":',
                uint256(time).toString(),
                "}"
            );
    }

    /// @dev A JSON document of a name, further members, and the picture that the renderer answers to `question`, if any.
    function _toDataURI(
        string memory escapedName,
        string memory members,
        bytes memory question
    ) private view returns (string memory) {
        string memory picture = _readPicture(question);
        if (bytes(picture).length != 0) {
            members = string.concat(members, ',"image":"', picture, '"');
        }
        string memory json = string.concat('{"name":"', escapedName, '"', members, "}");
        return string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
    }

    /// @dev The picture as it may stand in a document; empty where there is none, or no gas for one.
    function _readPicture(bytes memory question) private view returns (string memory picture) {
        bytes memory answer = _askRenderer(question);
        if (JsonText.isPlain(answer)) picture = string(answer);
        else if (gasleft() > WORDS_GAS + ESCAPE_GAS * answer.length) picture = JsonText.escape(answer);
        if (gasleft() < WORDS_GAS + ENCODE_GAS * bytes(picture).length) return "";
    }

    /// @dev The text that the renderer answers; empty where there is none, where it fails, and where it answers anything else.
    function _askRenderer(bytes memory question) private view returns (bytes memory text) {
        address renderer = registry.getRenderer();
        uint256 available = gasleft();
        if (renderer == address(0) || available <= WORDS_GAS) return "";

        uint256 gasLimit = available - WORDS_GAS;
        if (gasLimit > MAX_RENDERER_GAS) gasLimit = MAX_RENDERER_GAS;
        uint256 size;
        // Nothing of the answer is copied before its size is known.
        assembly ("memory-safe") {
            if staticcall(gasLimit, renderer, add(question, 0x20), mload(question), 0, 0) {
                size := returndatasize()
            }
        }
        if (size > MAX_ANSWER_LENGTH || gasleft() < WORDS_GAS + LOOK_GAS * size) return "";
        return _decodeText(size);
    }

    /// @dev The text in the first `size` bytes of the last answer, wherever it is; empty where there is no whole one.
    function _decodeText(uint256 size) private pure returns (bytes memory text) {
        assembly ("memory-safe") {
            let answer := mload(0x40)
            returndatacopy(answer, 0, size)
            if gt(size, 0x3f) {
                let offset := mload(answer)
                if lt(offset, sub(size, 0x1f)) {
                    let length := mload(add(answer, offset))
                    if iszero(gt(length, sub(sub(size, 0x20), offset))) {
                        text := add(answer, offset)
                        mstore(0x40, add(answer, and(add(size, 0x1f), not(0x1f))))
                    }
                }
            }
        }
    }

    /// @dev The ends of a digest, as people compare it: `0x2d6b…c7e1`.
    function _shorten(uint256 tokenId) private pure returns (string memory) {
        bytes memory digits = bytes(tokenId.toHexString(32));
        return string.concat(_slice(digits, 0, 6), unicode"…", _slice(digits, 62, 66));
    }

    function _slice(bytes memory text, uint256 start, uint256 end) private pure returns (string memory) {
        bytes memory part = new bytes(end - start);
        for (uint256 i = 0; i < part.length; ++i) part[i] = text[start + i];
        return string(part);
    }
}
