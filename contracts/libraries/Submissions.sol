// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";

/**
 * @title Submissions, read from the calldata as they came
 * @notice A submission is accepted only in the one layout that `abi.encode` gives it: the head of fourteen words, then the
 * parents and the four texts in order and without gaps. Its tail is then byte for byte what its event carries and what
 * its hash covers, and is copied instead of being encoded again. Without that, neither the gas goals of bench/ nor the
 * size limit of the contract would be met.
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
    uint256 private constant ROYALTY_RECEIVER = 12 * 32;
    uint256 private constant ROYALTY_BASIS_POINTS = 13 * 32;

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
    // One block reads the five parts one after the other; cut in pieces it would only pass their positions around.
    // solhint-disable-next-line function-max-lines
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
        bool isAcceptable;
        assembly ("memory-safe") {
            isAcceptable := eq(calldataload(add(submission, PARENTS)), TAIL)
            parents.offset := add(submission, add(TAIL, 0x20))
            parents.length := calldataload(add(submission, TAIL))
            length := add(add(TAIL, 0x20), shl(5, parents.length))

            // Each text must be where the part before it ends; it is its length in one word, and padded to whole words.
            isAcceptable := and(isAcceptable, eq(calldataload(add(submission, FRAMEWORK)), length))
            framework.offset := add(add(submission, length), 0x20)
            framework.length := calldataload(add(submission, length))
            length := add(length, and(add(framework.length, 63), not(31)))

            isAcceptable := and(isAcceptable, eq(calldataload(add(submission, LICENSE)), length))
            license.offset := add(add(submission, length), 0x20)
            license.length := calldataload(add(submission, length))
            length := add(length, and(add(license.length, 63), not(31)))

            isAcceptable := and(isAcceptable, eq(calldataload(add(submission, PERFORMANCE_METRICS)), length))
            performanceMetrics.offset := add(add(submission, length), 0x20)
            performanceMetrics.length := calldataload(add(submission, length))
            length := add(length, and(add(performanceMetrics.length, 63), not(31)))

            isAcceptable := and(isAcceptable, eq(calldataload(add(submission, VERSION)), length))
            version.offset := add(add(submission, length), 0x20)
            version.length := calldataload(add(submission, length))
            length := add(length, and(add(version.length, 63), not(31)))

            isAcceptable := and(isAcceptable, iszero(gt(add(submission, length), calldatasize())))

            isAcceptable := and(isAcceptable, lt(parents.length, add(MAX_PARENTS, 1)))
            isAcceptable := and(isAcceptable, lt(framework.length, add(MAX_TEXT_LENGTH, 1)))
            isAcceptable := and(isAcceptable, lt(license.length, add(MAX_TEXT_LENGTH, 1)))
            isAcceptable := and(isAcceptable, lt(performanceMetrics.length, add(MAX_METRICS_LENGTH, 1)))
            isAcceptable := and(isAcceptable, lt(version.length, add(MAX_TEXT_LENGTH, 1)))
        }
        // Asked once, at the end: a length that is too large may have led the reads after it astray, and then they are
        // worthless, but nothing was done with them.
        if (!isAcceptable) {
            _refuse(
                submission.modelDigest,
                parents.length,
                bytes(framework).length,
                bytes(license).length,
                bytes(performanceMetrics).length,
                bytes(version).length
            );
        }
    }

    /// @notice Whether the submission asks for a royalty of its own, in whatever way.
    function hasRoyalty(IModelProvenanceNFT.ModelSubmission calldata submission) internal pure returns (bool answer) {
        assembly ("memory-safe") {
            answer := or(
                calldataload(add(submission, ROYALTY_RECEIVER)),
                calldataload(add(submission, ROYALTY_BASIS_POINTS))
            )
            answer := iszero(iszero(answer))
        }
    }

    /// @notice Emits `ProvenanceDataRecorded` for a submission that was parsed and has this length.
    function emitRecorded(
        IModelProvenanceNFT.ModelSubmission calldata submission,
        uint256 length,
        uint256 tokenId,
        address creator,
        uint40 mintedAt,
        IModelProvenanceNFT.Relation relation
    ) internal {
        bytes32 topic = IModelProvenanceNFT.ProvenanceDataRecorded.selector;
        bytes32 weightsDigest = submission.weightsDigest;
        uint256 start = _startOf(submission);
        assembly ("memory-safe") {
            // The head of the event's data has ten words, that of a submission fourteen: offsets shrink by four.
            let data := mload(0x40)
            mstore(data, calldataload(add(start, MANIFEST_ROOT)))
            calldatacopy(add(data, 0x20), add(start, DATASET_DIGEST), 0x40)
            mstore(add(data, 0x60), mintedAt)
            mstore(add(data, 0x80), relation)
            mstore(add(data, 0xa0), 0x140)
            mstore(add(data, 0xc0), sub(calldataload(add(start, FRAMEWORK)), 0x80))
            mstore(add(data, 0xe0), sub(calldataload(add(start, LICENSE)), 0x80))
            mstore(add(data, 0x100), sub(calldataload(add(start, PERFORMANCE_METRICS)), 0x80))
            mstore(add(data, 0x120), sub(calldataload(add(start, VERSION)), 0x80))
            calldatacopy(add(data, 0x140), add(start, TAIL), sub(length, TAIL))
            log4(data, sub(length, 0x80), topic, tokenId, creator, weightsDigest)
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

    /// @dev Finds what is wrong; the caller is told the first of it.
    function _refuse(
        bytes32 modelDigest,
        uint256 count,
        uint256 framework,
        uint256 license,
        uint256 performanceMetrics,
        uint256 version
    ) private pure {
        if (count > MAX_PARENTS) revert IModelProvenanceNFT.ModelProvenanceTooManyParents(count, MAX_PARENTS);

        uint256 maximum = MAX_TEXT_LENGTH;
        uint256 length = framework;
        if (length <= maximum) length = license;
        if (length <= maximum) (length, maximum) = (performanceMetrics, MAX_METRICS_LENGTH);
        if (length <= maximum) (length, maximum) = (version, MAX_TEXT_LENGTH);
        if (length > maximum) revert IModelProvenanceNFT.ModelProvenanceTextTooLong(length, maximum);
        revert IModelProvenanceNFT.ModelProvenanceUnusualEncoding(modelDigest);
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
