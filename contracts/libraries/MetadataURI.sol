// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/**
 * @title The IPFS address of one raw block
 * @notice A CIDv1 of a raw block with SHA-256 is the bytes 01 55 12 20 followed by the digest, in lower-case base32
 * after the multibase prefix "b". The digest alone therefore says where the block is and proves that it is the one.
 */
library MetadataURI {
    /// @dev Scheme, multibase prefix and the first 30 bits of 01 55 12 20; the last two bits of 0x20 are zero.
    bytes14 private constant PREFIX = "ipfs://bafkrei";

    bytes32 private constant ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    uint256 private constant PREFIX_LENGTH = 14;
    uint256 private constant LENGTH = 66;

    /// @notice `ipfs://bafkrei…`, 66 characters, for a block with this SHA-256 digest.
    function fromDigest(bytes32 digest) internal pure returns (string memory uri) {
        uri = new string(LENGTH);
        assembly ("memory-safe") {
            let start := add(uri, 0x20)
            mstore(start, PREFIX)
            // 52 characters of five bits hold two zero bits (the rest of 0x20), the digest, and two bits of padding.
            // Character i is bits 253-5i to 257-5i of the digest, so the last one is shifted the other way.
            let position := add(start, PREFIX_LENGTH)
            for {
                let shift := 253
            } sgt(shift, 0) {
                shift := sub(shift, 5)
            } {
                mstore8(position, byte(and(shr(shift, digest), 31), ALPHABET))
                position := add(position, 1)
            }
            mstore8(position, byte(and(shl(2, digest), 31), ALPHABET))
        }
    }
}
