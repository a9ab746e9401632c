// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {IModelProvenanceNFT} from "../interfaces/IModelProvenanceNFT.sol";

/**
 * @title Submissions, read from the calldata as they came
 * @notice A submission is accepted only in the one layout that `abi.encode` gives it: the head of fourteen words, then the
 * parents and the four texts in order and without gaps. Its tail is then byte for byte what its event carries and what
 * its hash covers, and is copied instead of being encoded again: that saves 2 000 gas in a mint and 3 kB of code.
 */
library Submissions {
    /// @dev Offset of the tail, which is also the length of the head.
    uint256 private constant TAIL = 14 * 32;

    // Offsets in the head.
    uint256 private constant MANIFEST_ROOT = 1 * 32;
    uint256 private constant DATASET_DIGEST = 3 * 32;
    uint256 private constant PARENTS = 6 * 32;
    uint256 private constant FRAMEWORK = 8 * 32;
    uint256 private constant LICENSE = 9 * 32;
    uint256 private constant PERFORMANCE_METRICS = 10 * 32;
    uint256 private constant VERSION = 11 * 32;

    uint256 private constant MAX_PARENTS = 16;
    uint256 private constant MAX_TEXT_LENGTH = 64;
    uint256 private constant MAX_METRICS_LENGTH = 31;

    /// @notice Reads the parts of variable length. Reverts where one is too long or not where it belongs.
    /// @return parents The parents.
    /// @return framework The framework.
    /// @return license The licence.
    /// @return performanceMetrics The headline metric.
    /// @return version The version.
    /// @return length Bytes from the beginning of the head to the end of the tail.
    function parse(
        IModelProvenanceNFT.ModelSubmission calldata submission
    )
        internal
        pure
        returns (
            uint256[] calldata parents,
            string calldata framework,
            string calldata license,
            string calldata performanceMetrics,
            string calldata version,
            uint256 length
        )
    {
        uint256 start = _startOf(submission);
        bool isInPlace;
        assembly ("memory-safe") {
            parents.offset := add(start, add(TAIL, 0x20))
            parents.length := calldataload(add(start, TAIL))
            isInPlace := eq(calldataload(add(start, PARENTS)), TAIL)
            length := add(add(TAIL, 0x20), mul(parents.length, 0x20))
        }
        if (parents.length > MAX_PARENTS) {
            revert IModelProvenanceNFT.ModelProvenanceTooManyParents(parents.length, MAX_PARENTS);
        }
        unchecked {
            (framework, length, isInPlace) = _text(start + FRAMEWORK, start, length, MAX_TEXT_LENGTH, isInPlace);
            (license, length, isInPlace) = _text(start + LICENSE, start, length, MAX_TEXT_LENGTH, isInPlace);
            (performanceMetrics, length, isInPlace) = _text(
                start + PERFORMANCE_METRICS,
                start,
                length,
                MAX_METRICS_LENGTH,
                isInPlace
            );
            (version, length, isInPlace) = _text(start + VERSION, start, length, MAX_TEXT_LENGTH, isInPlace);
        }
        if (!isInPlace || start + length > msg.data.length) {
            revert IModelProvenanceNFT.ModelProvenanceUnusualEncoding(submission.modelDigest);
        }
    }

    /// @notice Emits `ProvenanceDataRecorded` for a submission that was parsed and has this length.
    function emitRecorded(
        IModelProvenanceNFT.ModelSubmission calldata submission,
        uint256 length,
        address creator,
        uint40 mintedAt
    ) internal {
        bytes32 topic = IModelProvenanceNFT.ProvenanceDataRecorded.selector;
        bytes32 modelDigest = submission.modelDigest;
        bytes32 weightsDigest = submission.weightsDigest;
        IModelProvenanceNFT.Relation relation = submission.relation;
        uint256 start = _startOf(submission);
        assembly ("memory-safe") {
            // The head of the event's data has ten words, that of a submission fourteen: offsets shrink by four.
            let data := mload(0x40)
            mstore(data, calldataload(add(start, MANIFEST_ROOT)))
            calldatacopy(add(data, 0x20), add(start, DATASET_DIGEST), 0x40)
            mstore(add(data, 0x60), mintedAt)
            mstore(add(data, 0x80), relation)
            mstore(add(data, 0xa0), sub(calldataload(add(start, PARENTS)), 0x80))
            mstore(add(data, 0xc0), sub(calldataload(add(start, FRAMEWORK)), 0x80))
            mstore(add(data, 0xe0), sub(calldataload(add(start, LICENSE)), 0x80))
            mstore(add(data, 0x100), sub(calldataload(add(start, PERFORMANCE_METRICS)), 0x80))
            mstore(add(data, 0x120), sub(calldataload(add(start, VERSION)), 0x80))
            calldatacopy(add(data, 0x140), add(start, TAIL), sub(length, TAIL))
            log4(data, sub(length, 0x80), topic, modelDigest, creator, weightsDigest)
        }
    }

    /// @notice `keccak256(abi.encode(submission))`.
    function hash(IModelProvenanceNFT.ModelSubmission calldata submission) internal pure returns (bytes32) {
        (, , , , , uint256 length) = parse(submission);
        uint256 start = _startOf(submission);
        // abi.encode puts the offset of the struct before it.
        return keccak256(abi.encodePacked(uint256(32), msg.data[start:start + length]));
    }

    /// @notice `hashStruct` of EIP-712: the head, with the hash of its content for each part of variable length.
    function hashStruct(
        IModelProvenanceNFT.ModelSubmission calldata submission,
        bytes32 typeHash
    ) internal pure returns (bytes32 structHash) {
        (
            uint256[] calldata parents,
            string calldata framework,
            string calldata license,
            string calldata performanceMetrics,
            string calldata version,

        ) = parse(submission);
        bytes memory words = abi.encodePacked(typeHash, msg.data[_startOf(submission):][:TAIL]);
        _setWord(words, PARENTS, keccak256(abi.encodePacked(parents)));
        _setWord(words, FRAMEWORK, keccak256(bytes(framework)));
        _setWord(words, LICENSE, keccak256(bytes(license)));
        _setWord(words, PERFORMANCE_METRICS, keccak256(bytes(performanceMetrics)));
        _setWord(words, VERSION, keccak256(bytes(version)));
        return keccak256(words);
    }

    /**
     * @dev Reads the text that must begin where the part before it ends, at `position` from the start.
     * @param pointer Where the head says where the text begins.
     * @return text The text, which may reach beyond the calldata, where they read as zero.
     * @return next Where the part after it begins. It cannot wrap, for the text is not longer than `maximum`.
     * @return isStillInPlace Whether this text and all before it are where they belong.
     */
    function _text(
        uint256 pointer,
        uint256 start,
        uint256 position,
        uint256 maximum,
        bool isInPlace
    ) private pure returns (string calldata text, uint256 next, bool isStillInPlace) {
        assembly ("memory-safe") {
            let lengthPosition := add(start, position)
            text.offset := add(lengthPosition, 0x20)
            text.length := calldataload(lengthPosition)
            // The length word, and the text padded to whole words.
            next := add(position, and(add(text.length, 63), not(31)))
            isStillInPlace := and(isInPlace, eq(calldataload(pointer), position))
        }
        if (bytes(text).length > maximum) revert IModelProvenanceNFT.ModelProvenanceTextTooLong(text, maximum);
    }

    function _startOf(IModelProvenanceNFT.ModelSubmission calldata submission) private pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := submission
        }
    }

    /// @dev Replaces the word of the head at this offset; one word, the type hash, comes before the head.
    function _setWord(bytes memory words, uint256 headOffset, bytes32 word) private pure {
        assembly ("memory-safe") {
            mstore(add(words, add(headOffset, 0x40)), word)
        }
    }
}
