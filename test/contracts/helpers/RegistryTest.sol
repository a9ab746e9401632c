// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {IRegistry} from "./IRegistry.sol";
import {deploy} from "./deploy.sol";
import {vm} from "./Vm.sol";

/// @notice What the Solidity tests share: a registry with one account for every role, and submissions.
abstract contract RegistryTest {
    address internal constant ADMIN = address(0xAD);
    address internal constant MINTER = address(0x111);
    address internal constant CURATOR = address(0xC0);
    address internal constant OWNER = address(0x0123);
    address internal constant TREASURY = address(0x7EA);

    IRegistry internal registry;

    function setUp() public virtual {
        bytes memory args = abi.encode("Model Provenance", "MODEL", ADMIN, MINTER, CURATOR, TREASURY, 500);
        registry = IRegistry(deploy("ModelProvenanceNFT.sol:ModelProvenanceNFT", args));
    }

    function _submission(bytes32 digest) internal pure returns (IModelProvenanceNFT.ModelSubmission memory submission) {
        submission.modelDigest = digest;
        submission.metadataDigest = keccak256(abi.encode("metadata", digest));
        submission.framework = "PyTorch 2.9.0";
        submission.license = "Apache-2.0";
    }

    function _mint(IModelProvenanceNFT.ModelSubmission memory submission) internal returns (uint256 tokenId) {
        vm.prank(MINTER);
        return registry.mintProvenanceNFT(OWNER, submission);
    }

    function _assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        require(actual == expected, what);
    }

    function _assertEq(string memory actual, string memory expected) internal pure {
        require(keccak256(bytes(actual)) == keccak256(bytes(expected)), string.concat(actual, " != ", expected));
    }
}
