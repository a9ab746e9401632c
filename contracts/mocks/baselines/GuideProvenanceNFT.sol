// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";

/**
 * @title Baseline: what a tutorial would write
 * @notice A counter for ids, a struct of strings for the record and a stored URI. Deployed by the gas bench only.
 */
contract GuideProvenanceNFT is ERC721URIStorage, ERC2981, AccessControl {
    struct Provenance {
        string checksum;
        string framework;
        string datasetCid;
        string metrics;
    }

    event ProvenanceRecorded(
        uint256 indexed tokenId,
        address indexed creator,
        string checksum,
        string framework,
        string datasetCid,
        string metrics
    );

    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    mapping(uint256 tokenId => Provenance) public provenanceOf;
    uint256 private _nextTokenId;

    constructor(address admin) ERC721("Guide", "GUIDE") {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(MINTER_ROLE, admin);
        _setDefaultRoyalty(admin, 500);
    }

    function mint(
        address to,
        Provenance calldata provenance,
        string calldata uri
    ) external onlyRole(MINTER_ROLE) returns (uint256 tokenId) {
        tokenId = _nextTokenId++;
        provenanceOf[tokenId] = provenance;
        _safeMint(to, tokenId);
        _setTokenURI(tokenId, uri);
        emit ProvenanceRecorded(
            tokenId,
            msg.sender,
            provenance.checksum,
            provenance.framework,
            provenance.datasetCid,
            provenance.metrics
        );
    }

    function supportsInterface(
        bytes4 interfaceId
    ) public view override(ERC721URIStorage, ERC2981, AccessControl) returns (bool) {
        return super.supportsInterface(interfaceId);
    }
}
