// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MetadataURI} from "../../../contracts/libraries/MetadataURI.sol";

contract MetadataURITest {
    /// The CID of "hello world" as a raw block, as every IPFS implementation gives it.
    function test_FromDigest_KnownVector() external pure {
        string memory uri = MetadataURI.fromDigest(sha256("hello world"));
        require(
            keccak256(bytes(uri)) == keccak256("ipfs://bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"),
            uri
        );
    }

    function testFuzz_FromDigest_DecodesToTheCid(bytes32 digest) external pure {
        bytes memory uri = bytes(MetadataURI.fromDigest(digest));
        require(uri.length == 66, "length");

        // 58 characters after "ipfs://b" carry 36 bytes: 01 55 12 20, then the digest, then two bits of padding.
        uint256 high;
        uint256 low;
        for (uint256 i = 8; i < 66; ++i) {
            uint256 bits = _valueOf(uri[i]);
            high = (high << 5) | (low >> 251);
            low = (low << 5) | bits;
        }
        // 290 bits were shifted in; the last two are padding.
        require(low & 3 == 0, "padding");
        low = (low >> 2) | (high << 254);
        high >>= 2;
        require(high == 0x01551220, "prefix");
        require(bytes32(low) == digest, "digest");
    }

    function _valueOf(bytes1 character) private pure returns (uint256) {
        uint8 code = uint8(character);
        return code >= 97 ? code - 97 : code - 50 + 26;
    }
}
