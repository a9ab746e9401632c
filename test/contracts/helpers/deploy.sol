// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

/// @notice Deploys what `hardhat build` compiled, which is what goes on chains: tests do not compile it anew.
/// @param artifact As in "ModelProvenanceNFT.sol:ModelProvenanceNFT".
function deploy(string memory artifact, bytes memory constructorArguments) returns (address deployed) {
    bytes memory code = bytes.concat(vm.getCode(artifact), constructorArguments);
    assembly ("memory-safe") {
        deployed := create(0, add(code, 32), mload(code))
    }
    require(deployed != address(0), artifact);
}
