// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {MetadataURI} from "../libraries/MetadataURI.sol";
import {ILicenseMarket} from "./ILicenseMarket.sol";

/// @title What a wallet shows of a licence: made of numbers alone, so there is nothing to escape
library LicenseText {
    using Strings for uint256;
    using Strings for address;

    /// @notice The metadata of a licence as a data URI. `expires` is the largest number where it never ends.
    function toURI(
        uint256 licenseId,
        address registry,
        uint256 tokenId,
        ILicenseMarket.LicenseKind kind,
        bytes32 termsDigest,
        uint64 expires
    ) internal pure returns (string memory) {
        string memory terms = MetadataURI.fromDigest(termsDigest);
        bytes memory json = abi.encodePacked(
            '{"name":"',
            _kindOf(kind),
            " licence ",
            uint256(uint32(licenseId)).toString(),
            " of model ",
            tokenId.toHexString(32),
            '","description":"Registry ',
            registry.toChecksumHexString(),
            ". Terms: ",
            terms,
            '","external_url":"',
            terms,
            '","attributes":[{"trait_type":"Kind","value":"',
            _kindOf(kind),
            '"}'
        );
        if (expires != type(uint64).max) {
            json = abi.encodePacked(
                json,
                ',{"display_type":"date","trait_type":"Expires","value":',
                uint256(expires).toString(),
                "}"
            );
        }
        return string.concat("data:application/json;base64,", Base64.encode(bytes.concat(json, "]}")));
    }

    function _kindOf(ILicenseMarket.LicenseKind kind) private pure returns (string memory) {
        if (kind == ILicenseMarket.LicenseKind.Use) return "Use";
        return kind == ILicenseMarket.LicenseKind.Serve ? "Serve" : "Derive";
    }
}
