// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../contracts/registry/IModelProvenanceNFT.sol";
import {HandlerBase} from "./handlers/HandlerBase.sol";
import {RegistryInvariantTest} from "./helpers/RegistryInvariantTest.sol";

/// @notice What holds of the records after any sequence of calls.
contract RecordsInvariantTest is RegistryInvariantTest {
    function invariant_RecordedFieldsNeverChange() external view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            uint256 id = handler.tokenIds(i);
            require(handler.hashRecord(id) == handler.ghostOf(id).recordHash, "a recorded field changed");
        }
    }

    /// With who set them, when and why; so what a stronger account said survives whatever weaker ones do.
    function invariant_StatusesAreWhatWasAllowed() external view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            uint256 id = handler.tokenIds(i);
            HandlerBase.Word memory word = handler.ghostOf(id).word;
            (IModelProvenanceNFT.Status status, address account, uint40 time, string memory reason) = registry
                .getStatus(id);
            require(status == word.status && status == registry.getModelData(id).status, "a status came or went");
            require(account == word.account && time == word.time, "somebody else, or another time");
            require(keccak256(bytes(reason)) == keccak256(bytes(word.reason)), "a reason changed");
            if (status == IModelProvenanceNFT.Status.Revoked) {
                (IModelProvenanceNFT.Status worst, ) = registry.lineageStatus(id, 100);
                require(worst == IModelProvenanceNFT.Status.Revoked, "the lineage does not say so");
            }
        }
    }

    function invariant_ParentsExistAndAreNotYounger() external view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            IModelProvenanceNFT.ModelData memory model = registry.getModelData(handler.tokenIds(i));
            for (uint256 j = 0; j < model.parents.length; ++j) {
                require(registry.getModelData(model.parents[j]).mintedAt <= model.mintedAt, "a younger parent");
            }
        }
    }

    function invariant_EveryRecordHasOneTokenOfItsDigest() external view {
        uint256 balances;
        for (uint256 i = 0; i < 4; ++i) balances += registry.balanceOf(handler.actors(i));
        require(balances == handler.count(), "tokens and records differ");
        for (uint256 i = 0; i < handler.count(); ++i) {
            uint256 id = handler.tokenIds(i);
            require(registry.ownerOf(id) == handler.ghostOf(id).owner, "a token moved by itself");
        }
    }

    function invariant_AnchoredTokensAgreeWithTheirLeaf() external view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            uint256 id = handler.tokenIds(i);
            bytes32 expected = handler.anchoredHash(id);
            require(expected == 0 || expected == handler.hashRecord(id), "a token differs from its leaf");
        }
    }

    function invariant_AnchorsAreWhatWasAllowed() external view {
        for (uint256 i = 0; i < handler.batchCount(); ++i) {
            (bytes32 root, address creator, IModelProvenanceNFT.Anchor memory expected) = handler.batchAt(i);
            IModelProvenanceNFT.Anchor memory anchor = registry.getAnchor(root, creator);
            require(keccak256(abi.encode(anchor)) == keccak256(abi.encode(expected)), "an anchor changed");
        }
    }

    function invariant_RoyaltiesAreThoseThatWereSet() external view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            uint256 id = handler.tokenIds(i);
            (address receiver, uint256 amount) = registry.royaltyInfo(id, 10_000);
            require(amount <= 1_000, "a royalty above the cap");
            address expected = handler.ghostOf(id).royaltyReceiver;
            // What the default is now does not matter, but it is not the creator's to say.
            if (expected == address(0)) continue;
            require(receiver == expected && amount == handler.ghostOf(id).rate, "a token's royalty changed");
        }
    }
}
