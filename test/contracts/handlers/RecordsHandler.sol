// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {vm} from "../helpers/Vm.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Mints, and changes what may change afterwards: status and royalty.
abstract contract RecordsHandler is HandlerBase {
    function mint(uint256 seed, uint8 relation, uint8 parents, uint8 actor) external {
        address creator = actors[actor % 4];
        IModelProvenanceNFT.ModelSubmission memory submission = _submission(seed, relation, parents);
        vm.prank(creator);
        try registry.mintProvenanceNFT(actors[seed % 4], submission) {
            _remember(submission, actors[seed % 4], creator, IModelProvenanceNFT.Status.Active, false);
        } catch (bytes memory reason) {
            _requireNoTransferRule(reason);
        }
    }

    function mintBatch(uint256 seed, uint8 size, uint8 actor) external {
        address creator = actors[actor % 4];
        IModelProvenanceNFT.ModelSubmission[] memory batch = new IModelProvenanceNFT.ModelSubmission[](size % 4);
        for (uint256 i = 0; i < batch.length; ++i) batch[i] = _submission(seed ^ i, 0, 0);
        vm.prank(creator);
        try registry.mintBatch(actors[seed % 4], batch) {
            for (uint256 i = 0; i < batch.length; ++i) {
                _remember(batch[i], actors[seed % 4], creator, IModelProvenanceNFT.Status.Active, false);
            }
        } catch (bytes memory reason) {
            _requireNoTransferRule(reason);
        }
    }

    function setStatus(uint256 index, uint8 status, uint8 actor) external {
        if (tokenIds.length == 0) return;
        uint256 id = _pick(index);
        address caller = actors[actor % 4];
        IModelProvenanceNFT.Status next = IModelProvenanceNFT.Status(status % 3);
        vm.prank(caller);
        try registry.setStatus(id, next, "reason") {
            _noteStatus(_ghost(id), caller, next);
        } catch {}
    }

    function setTokenRoyalty(uint256 index, uint256 seed, uint96 basisPoints) external {
        if (tokenIds.length == 0) return;
        uint256 id = _pick(index);
        Ghost storage ghost = _ghost(id);
        address caller = _callerFor(seed, ghost.creator);
        basisPoints %= 1_100;
        (, uint256 rate) = registry.royaltyInfo(id, 10_000);
        vm.prank(caller);
        try registry.setTokenRoyalty(id, actors[seed % 4], basisPoints) {
            require(caller == ghost.creator && basisPoints <= rate, "a royalty was raised, or by a stranger");
            (ghost.royaltyReceiver, ghost.rate) = (actors[seed % 4], basisPoints);
        } catch {}
    }

    function _noteStatus(Ghost storage ghost, address caller, IModelProvenanceNFT.Status next) private {
        bool curates = isCurator[caller];
        require(ghost.status != IModelProvenanceNFT.Status.Revoked, "a revocation was not final");
        require(curates || caller == ghost.creator || caller == ghost.owner, "a stranger set a status");
        if (next == IModelProvenanceNFT.Status.Revoked) {
            require(curates || caller == ghost.creator, "a mere owner revoked");
        }
        if (next == IModelProvenanceNFT.Status.Active && ghost.heldByCurator) {
            require(curates, "what a curator set was lifted by another");
        }
        ghost.status = next;
        if (curates) ghost.heldByCurator = next != IModelProvenanceNFT.Status.Active;
    }
}
