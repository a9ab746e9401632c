// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";

/**
 * @title Submissions, read from the calldata as they came
 * @notice A submission is accepted only in the one layout that `abi.encode` gives it: the head of fourteen words, then the
 * parents and the four texts in order, without gaps, and with nothing but zeros after the end of a text. Its tail is then
 * byte for byte what its event carries and what its hash covers, and is copied instead of being encoded again. Without
 * that, neither the gas goals of bench/ nor the size limit of the contract would be met.
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

    /// @notice Reverts where a part of variable length is too long or not where it belongs; then they can be read.
    // One block walks over the five parts; cut in pieces it would only pass its position around.
    // solhint-disable-next-line function-max-lines
    function check(IModelProvenanceNFT.ModelSubmission calldata submission) internal pure {
        bool isRefused;
        assembly ("memory-safe") {
            // Each part must be where the one before it ends. A text is its length in one word, and then padded to whole
            // words with zeros. So the 32 bytes beyond a text are at most the length of the next one, below 128, which
            // begins with zeros itself; of the last text the rest of its last word is looked at alone.
            let position := add(submission, TAIL)
            let count := calldataload(position)
            let faults := or(xor(calldataload(add(submission, PARENTS)), TAIL), gt(count, MAX_PARENTS))
            position := add(add(position, 0x20), shl(5, count))

            faults := or(faults, xor(add(submission, calldataload(add(submission, FRAMEWORK))), position))
            let size := calldataload(position)
            faults := or(faults, gt(size, MAX_TEXT_LENGTH))
            let beyond := calldataload(add(add(position, 0x20), size))
            position := add(position, and(add(size, 63), not(31)))

            faults := or(faults, xor(add(submission, calldataload(add(submission, LICENSE))), position))
            size := calldataload(position)
            faults := or(faults, gt(size, MAX_TEXT_LENGTH))
            beyond := or(beyond, calldataload(add(add(position, 0x20), size)))
            position := add(position, and(add(size, 63), not(31)))

            faults := or(faults, xor(add(submission, calldataload(add(submission, PERFORMANCE_METRICS))), position))
            size := calldataload(position)
            faults := or(faults, gt(size, MAX_METRICS_LENGTH))
            beyond := or(beyond, calldataload(add(add(position, 0x20), size)))
            position := add(position, and(add(size, 63), not(31)))

            faults := or(faults, xor(add(submission, calldataload(add(submission, VERSION))), position))
            size := calldataload(position)
            faults := or(faults, gt(size, MAX_TEXT_LENGTH))
            position := add(position, and(add(size, 63), not(31)))
            faults := or(faults, shl(sub(256, shl(3, and(sub(0, size), 31))), calldataload(sub(position, 0x20))))

            isRefused := iszero(iszero(or(or(faults, shr(7, beyond)), gt(position, calldatasize()))))
        }
        // Asked once, at the end: a length that is too large may have led the reads after it astray, and then they are
        // worthless, but nothing was done with them.
        if (isRefused) _refuse(submission);
    }

    /// @notice The parents of a submission that was checked.
    function parentsOf(
        IModelProvenanceNFT.ModelSubmission calldata submission
    ) internal pure returns (uint256[] calldata parents) {
        assembly ("memory-safe") {
            parents.offset := add(submission, add(TAIL, 0x20))
            parents.length := calldataload(add(submission, TAIL))
        }
    }

    /// @notice The framework of a submission that was checked.
    function frameworkOf(
        IModelProvenanceNFT.ModelSubmission calldata submission
    ) internal pure returns (string calldata) {
        return _textAt(submission, FRAMEWORK);
    }

    /// @notice The licence of a submission that was checked.
    function licenseOf(
        IModelProvenanceNFT.ModelSubmission calldata submission
    ) internal pure returns (string calldata) {
        return _textAt(submission, LICENSE);
    }

    /// @notice The headline metric of a submission that was checked.
    function performanceMetricsOf(
        IModelProvenanceNFT.ModelSubmission calldata submission
    ) internal pure returns (string calldata) {
        return _textAt(submission, PERFORMANCE_METRICS);
    }

    /// @notice The version of a submission that was checked.
    function versionOf(
        IModelProvenanceNFT.ModelSubmission calldata submission
    ) internal pure returns (string calldata) {
        return _textAt(submission, VERSION);
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

    /// @notice Emits `ProvenanceDataRecorded` for a submission that was checked.
    function emitRecorded(
        IModelProvenanceNFT.ModelSubmission calldata submission,
        uint256 tokenId,
        address creator,
        uint40 mintedAt,
        IModelProvenanceNFT.Relation relation
    ) internal {
        bytes32 topic = IModelProvenanceNFT.ProvenanceDataRecorded.selector;
        bytes32 weightsDigest = submission.weightsDigest;
        uint256 start = _startOf(submission);
        uint256 length = _lengthOf(submission);
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

    /// @notice `keccak256(abi.encode(submission))` of a submission that was checked.
    function hash(IModelProvenanceNFT.ModelSubmission calldata submission) internal pure returns (bytes32) {
        uint256 length = _lengthOf(submission);
        uint256 start = _startOf(submission);
        // abi.encode puts the offset of the struct before it.
        return keccak256(abi.encodePacked(uint256(32), msg.data[start:start + length]));
    }

    /// @notice `hashStruct` of EIP-712: the head, with the hash of its content for each part of variable length.
    function hashStruct(
        IModelProvenanceNFT.ModelSubmission calldata submission,
        bytes32 typeHash
    ) internal pure returns (bytes32 structHash) {
        check(submission);
        bytes memory words = abi.encodePacked(typeHash, msg.data[_startOf(submission):][:TAIL]);
        _setWord(words, PARENTS, keccak256(abi.encodePacked(parentsOf(submission))));
        for (uint256 head = FRAMEWORK; head <= VERSION; head += 32) {
            _setWord(words, head, keccak256(bytes(_textAt(submission, head))));
        }
        return keccak256(words);
    }

    /// @dev Finds what is wrong; the caller is told the first of it.
    function _refuse(IModelProvenanceNFT.ModelSubmission calldata submission) private pure {
        uint256 count = parentsOf(submission).length;
        if (count > MAX_PARENTS) revert IModelProvenanceNFT.ModelProvenanceTooManyParents(count, MAX_PARENTS);

        uint256 position = _startOf(submission) + TAIL + 32 * (count + 1);
        for (uint256 head = FRAMEWORK; head <= VERSION; head += 32) {
            uint256 maximum = head == PERFORMANCE_METRICS ? MAX_METRICS_LENGTH : MAX_TEXT_LENGTH;
            uint256 length;
            assembly ("memory-safe") {
                length := calldataload(position)
            }
            if (length > maximum) revert IModelProvenanceNFT.ModelProvenanceTextTooLong(length, maximum);
            position += (length + 63) & ~uint256(31);
        }
        revert IModelProvenanceNFT.ModelProvenanceUnusualEncoding(submission.modelDigest);
    }

    /// @dev The text whose offset stands here in the head.
    function _textAt(
        IModelProvenanceNFT.ModelSubmission calldata submission,
        uint256 head
    ) private pure returns (string calldata text) {
        assembly ("memory-safe") {
            let position := add(submission, calldataload(add(submission, head)))
            text.offset := add(position, 0x20)
            text.length := calldataload(position)
        }
    }

    /// @dev Bytes from the beginning of the head to the end of the tail, which is that of the last text.
    function _lengthOf(IModelProvenanceNFT.ModelSubmission calldata submission) private pure returns (uint256 length) {
        assembly ("memory-safe") {
            let version := calldataload(add(submission, VERSION))
            length := add(version, and(add(calldataload(add(submission, version)), 63), not(31)))
        }
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
