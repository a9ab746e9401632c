// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../contracts/interfaces/IModelProvenanceNFT.sol";
import {RegistryHandler} from "./handlers/RegistryHandler.sol";
import {RegistryTest} from "./helpers/RegistryTest.sol";
import {vm} from "./helpers/Vm.sol";

/// @notice What holds after any sequence of calls by accounts that have every role but the admin's.
contract RegistryInvariantTest is RegistryTest {
    RegistryHandler private _handler;

    function setUp() public override {
        super.setUp();
        vm.warp(1_000_000);
        _handler = new RegistryHandler(registry, ADMIN);
        for (uint256 i = 0; i < 4; ++i) {
            vm.startPrank(ADMIN);
            registry.grantRole(registry.MINTER_ROLE(), _handler.actors(i));
            if (i == 2) registry.grantRole(registry.CURATOR_ROLE(), _handler.actors(i));
            vm.stopPrank();
        }
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_RecordedFieldsNeverChange() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            uint256 id = _handler.tokenIds(i);
            require(_handler.hashRecord(id) == _handler.recordHash(id), "a recorded field changed");
        }
    }

    function invariant_RevokedStaysRevoked() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            uint256 id = _handler.tokenIds(i);
            bool isRevoked = registry.getModelData(id).status == IModelProvenanceNFT.Status.Revoked;
            require(isRevoked == _handler.wasRevoked(id), "a revocation came or went");
            if (isRevoked) {
                (IModelProvenanceNFT.Status worst, ) = registry.lineageStatus(id, 100);
                require(worst == IModelProvenanceNFT.Status.Revoked, "the lineage does not say so");
            }
        }
    }

    function invariant_ParentsExistAndAreNotYounger() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            IModelProvenanceNFT.ModelData memory model = registry.getModelData(_handler.tokenIds(i));
            for (uint256 j = 0; j < model.parents.length; ++j) {
                require(registry.getModelData(model.parents[j]).mintedAt <= model.mintedAt, "a younger parent");
            }
        }
    }

    function invariant_EveryRecordHasOneTokenOfItsDigest() external view {
        uint256 balances;
        for (uint256 i = 0; i < 4; ++i) balances += registry.balanceOf(_handler.actors(i));
        require(balances == _handler.count(), "tokens and records differ");
        for (uint256 i = 0; i < _handler.count(); ++i) {
            require(registry.ownerOf(_handler.tokenIds(i)) != address(0), "a record without an owner");
        }
    }

    function invariant_AnchoredTokensAgreeWithTheirLeaf() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            uint256 id = _handler.tokenIds(i);
            bytes32 expected = _handler.anchoredHash(id);
            require(expected == 0 || expected == _handler.hashRecord(id), "a token differs from its leaf");
        }
    }

    function invariant_RoyaltyNeverAboveTheCap() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            (, uint256 amount) = registry.royaltyInfo(_handler.tokenIds(i), 10_000);
            require(amount <= 1_000, "a royalty above the cap");
        }
    }
}
