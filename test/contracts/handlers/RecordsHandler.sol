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
            Word memory none;
            _remember(submission, actors[seed % 4], creator, none);
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
            Word memory none;
            for (uint256 i = 0; i < batch.length; ++i) _remember(batch[i], actors[seed % 4], creator, none);
        } catch (bytes memory reason) {
            _requireNoTransferRule(reason);
        }
    }

    function setStatus(uint256 index, uint8 status, uint8 actor) external {
        if (tokenIds.length == 0) return;
        uint256 id = _pick(index);
        address caller = actors[actor % 4];
        IModelProvenanceNFT.Status next = IModelProvenanceNFT.Status(status % 3);
        string memory reason = _reason(uint256(actor) / 4);
        Ghost storage ghost = _ghost(id);
        uint256 rank = caller == ghost.owner ? 1 : 0;
        if (caller == ghost.creator) rank = 2;
        if (isCurator[caller]) rank = 3;
        vm.prank(caller);
        try registry.setStatus(id, next, reason) {
            _noteStatus(ghost.word, rank, caller, next, reason);
        } catch (bytes memory refusal) {
            bool mayRevoke = rank > 1 && ghost.word.status != IModelProvenanceNFT.Status.Revoked;
            bool mayWarn = rank != 0 && ghost.word.status == IModelProvenanceNFT.Status.Active;
            bool isAllowed = next == IModelProvenanceNFT.Status.Revoked ? mayRevoke : mayWarn;
            require(!isAllowed && refusal.length != 0, "a warning was refused");
        }
    }

    function setTokenRoyalty(uint256 index, uint256 seed, uint96 basisPoints) external {
        if (tokenIds.length == 0) return;
        uint256 id = _pick(index);
        Ghost storage ghost = _ghost(id);
        address caller = _callerFor(seed, ghost.creator);
        basisPoints %= 1_100;
        bool hasOwn = ghost.royaltyReceiver != address(0);
        vm.prank(caller);
        try registry.setTokenRoyalty(id, actors[seed % 4], basisPoints) {
            require(caller == ghost.creator && basisPoints <= ghost.rate, "a royalty was raised, or by a stranger");
            require(hasOwn, "the default royalty was redirected");
            (ghost.royaltyReceiver, ghost.rate) = (actors[seed % 4], basisPoints);
        } catch {}
    }
}
