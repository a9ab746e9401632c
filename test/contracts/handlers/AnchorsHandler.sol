// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {vm} from "../helpers/Vm.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Anchors batches of two models, changes their status, and mints from them.
abstract contract AnchorsHandler is HandlerBase {
    struct Batch {
        bytes32 root;
        address creator;
        /// @dev What the registry should answer.
        IModelProvenanceNFT.Anchor anchor;
        /// @dev Two of `ModelSubmission`, encoded, and their leaves.
        bytes[2] submissions;
        bytes32[2] leaves;
    }

    Batch[] private _batches;
    mapping(uint256 tokenId => bytes32) public anchoredHash;

    function anchorBatch(uint256 seed, uint8 relation, uint8 parents, uint8 actor) external {
        Batch memory batch;
        batch.creator = actors[actor % 4];
        for (uint256 i = 0; i < 2; ++i) {
            IModelProvenanceNFT.ModelSubmission memory submission = _submission(seed ^ i, relation, parents);
            batch.submissions[i] = abi.encode(submission);
            batch.leaves[i] = _hashLeaf(submission.modelDigest, keccak256(batch.submissions[i]));
        }
        (bytes32 a, bytes32 b) = (batch.leaves[0], batch.leaves[1]);
        batch.root = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        batch.anchor.anchoredAt = uint40(block.timestamp);
        batch.anchor.count = 2;

        vm.prank(batch.creator);
        try registry.anchorBatch(batch.root, "directory", 2) {
            require(isMinter[batch.creator], "anchored by an account that is no minter");
            _batches.push(batch);
        } catch {}
    }

    function mintAnchored(uint256 index, uint8 which, uint256 seed) external {
        if (_batches.length == 0) return;
        Batch storage batch = _batches[index % _batches.length];
        bytes memory encoded = batch.submissions[which % 2];
        IModelProvenanceNFT.ModelSubmission memory submission = abi.decode(
            encoded,
            (IModelProvenanceNFT.ModelSubmission)
        );
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = batch.leaves[1 - (which % 2)];
        address caller = _callerFor(seed, batch.creator);
        vm.prank(caller);
        try registry.mintAnchored(batch.root, actors[seed % 4], submission, proof) {
            IModelProvenanceNFT.Anchor memory anchor = batch.anchor;
            // Another actor may have anchored the same root; then that batch counts.
            if (caller != batch.creator) anchor = registry.getAnchor(batch.root, caller);
            require(anchor.anchoredAt != 0, "minted from a batch of another");
            require(anchor.status != IModelProvenanceNFT.Status.Revoked, "minted from a revoked batch");
            _remember(submission, actors[seed % 4], caller, anchor.status, anchor.heldByCurator);
            anchoredHash[uint256(submission.modelDigest)] = _hashOf(submission, caller, anchor.anchoredAt);
        } catch (bytes memory reason) {
            _requireNoTransferRule(reason);
        }
    }

    function setAnchorStatus(uint256 index, uint8 status, uint256 seed) external {
        if (_batches.length == 0) return;
        Batch storage batch = _batches[index % _batches.length];
        address caller = _callerFor(seed, batch.creator);
        IModelProvenanceNFT.Status next = IModelProvenanceNFT.Status(status % 3);
        vm.prank(caller);
        try registry.setAnchorStatus(batch.root, batch.creator, next, "reason") {
            bool curates = isCurator[caller];
            require(batch.anchor.status != IModelProvenanceNFT.Status.Revoked, "a batch's revocation was not final");
            require(curates || caller == batch.creator, "a stranger set the status of a batch");
            bool lifts = next == IModelProvenanceNFT.Status.Active;
            require(curates || !(lifts && batch.anchor.heldByCurator), "a curator's word on a batch was lifted");
            batch.anchor.status = next;
            if (curates) batch.anchor.heldByCurator = !lifts;
        } catch {}
    }

    function batchCount() external view returns (uint256) {
        return _batches.length;
    }

    function batchAt(
        uint256 index
    ) external view returns (bytes32 root, address creator, IModelProvenanceNFT.Anchor memory anchor) {
        return (_batches[index].root, _batches[index].creator, _batches[index].anchor);
    }

    function _hashOf(
        IModelProvenanceNFT.ModelSubmission memory submission,
        address creator,
        uint40 mintedAt
    ) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    IModelProvenanceNFT.ModelData({
                        creator: creator,
                        mintedAt: mintedAt,
                        relation: submission.relation,
                        status: IModelProvenanceNFT.Status.Active,
                        parents: submission.parents,
                        datasetDigest: submission.datasetDigest,
                        metadataDigest: submission.metadataDigest,
                        framework: submission.framework,
                        license: submission.license,
                        performanceMetrics: submission.performanceMetrics
                    })
                )
            );
    }

    function _hashLeaf(bytes32 modelDigest, bytes32 submissionHash) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(modelDigest, submissionHash))));
    }
}
