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
        uint40 anchoredAt;
        Word word;
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
        batch.anchoredAt = uint40(block.timestamp);

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
            // Another actor may have anchored the same root; then that batch counts.
            batch = _batches[_indexOf(batch.root, caller)];
            require(batch.word.status != IModelProvenanceNFT.Status.Revoked, "minted from a revoked batch");
            Word memory word = batch.word;
            if (word.status == IModelProvenanceNFT.Status.Active) delete word;
            _remember(submission, actors[seed % 4], caller, word);
            anchoredHash[uint256(submission.modelDigest)] = _hashOf(submission, caller, batch.anchoredAt);
        } catch (bytes memory reason) {
            _requireNoTransferRule(reason);
        }
    }

    function setAnchorStatus(uint256 index, uint8 status, uint256 seed) external {
        if (_batches.length == 0) return;
        Batch storage batch = _batches[index % _batches.length];
        address caller = _callerFor(seed, batch.creator);
        IModelProvenanceNFT.Status next = IModelProvenanceNFT.Status(status % 3);
        string memory reason = _reason(seed / 8);
        uint256 rank = caller == batch.creator ? 2 : 0;
        if (isCurator[caller]) rank = 3;
        vm.prank(caller);
        try registry.setAnchorStatus(batch.root, batch.creator, next, reason) {
            _noteStatus(batch.word, rank, caller, next, reason);
        } catch {}
    }

    function batchCount() external view returns (uint256) {
        return _batches.length;
    }

    function batchAt(
        uint256 index
    ) external view returns (bytes32 root, address creator, IModelProvenanceNFT.Anchor memory anchor) {
        Batch memory batch = _batches[index];
        Word memory word = batch.word;
        anchor = IModelProvenanceNFT.Anchor({
            anchoredAt: batch.anchoredAt,
            count: 2,
            status: word.status,
            account: word.account,
            time: word.time,
            reason: word.reason
        });
        return (batch.root, batch.creator, anchor);
    }

    function _indexOf(bytes32 root, address creator) private view returns (uint256) {
        for (uint256 i = 0; i < _batches.length; ++i) {
            if (_batches[i].root == root && _batches[i].creator == creator) return i;
        }
        revert("minted from a batch of another");
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
