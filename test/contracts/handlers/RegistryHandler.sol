// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ModelProvenanceNFT} from "../../../contracts/ModelProvenanceNFT.sol";
import {IModelProvenanceNFT} from "../../../contracts/interfaces/IModelProvenanceNFT.sol";
import {vm} from "../helpers/Vm.sol";

/// @notice Calls a registry in every way, with a few accounts that all have roles, and remembers what was recorded.
contract RegistryHandler {
    uint256 private constant SIGNER_KEY = 0xA11CE;

    ModelProvenanceNFT public immutable registry;
    address public immutable admin;
    address[4] public actors;

    uint256[] public tokenIds;
    mapping(uint256 tokenId => bytes32) public recordHash;
    mapping(uint256 tokenId => bool) public wasRevoked;
    mapping(uint256 tokenId => bytes32) public anchoredHash;
    uint256 private _anchors;

    constructor(ModelProvenanceNFT registry_, address admin_) {
        registry = registry_;
        admin = admin_;
        actors = [address(0xA1), address(0xA2), address(0xA3), vm.addr(SIGNER_KEY)];
    }

    function count() external view returns (uint256) {
        return tokenIds.length;
    }

    function mint(uint256 seed, uint8 relation, uint8 parents, uint8 actor) external {
        vm.prank(actors[actor % 4]);
        try registry.mintProvenanceNFT(actors[seed % 4], _submission(seed, relation, parents)) returns (uint256 id) {
            _remember(id);
        } catch {}
    }

    function mintBatch(uint256 seed, uint8 size, uint8 actor) external {
        IModelProvenanceNFT.ModelSubmission[] memory batch = new IModelProvenanceNFT.ModelSubmission[](size % 4);
        for (uint256 i = 0; i < batch.length; ++i) batch[i] = _submission(seed ^ i, 0, 0);
        vm.prank(actors[actor % 4]);
        try registry.mintBatch(actors[seed % 4], batch) {
            for (uint256 i = 0; i < batch.length; ++i) _remember(uint256(batch[i].modelDigest));
        } catch {}
    }

    function mintWithVoucher(uint256 seed, uint8 relation, uint8 parents, uint8 actor) external {
        IModelProvenanceNFT.MintVoucher memory voucher = IModelProvenanceNFT.MintVoucher({
            to: actors[seed % 4],
            submission: _submission(seed, relation, parents),
            deadline: block.timestamp
        });
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SIGNER_KEY, registry.hashVoucher(voucher));
        vm.prank(actors[actor % 4]);
        try registry.mintWithVoucher(voucher, abi.encodePacked(r, s, v)) returns (uint256 id) {
            _remember(id);
        } catch {}
    }

    /// A batch of two, of which the first is minted.
    function mintAnchored(uint256 seed, uint8 relation, uint8 parents, uint8 actor, uint8 status) external {
        IModelProvenanceNFT.ModelSubmission memory submission = _submission(seed, relation, parents);
        bytes32 leaf = _leaf(submission.modelDigest, keccak256(abi.encode(submission)));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = keccak256(abi.encode("sibling", ++_anchors));
        bytes32 root = leaf < proof[0] ? keccak256(abi.encode(leaf, proof[0])) : keccak256(abi.encode(proof[0], leaf));
        address creator = actors[actor % 4];
        vm.prank(creator);
        registry.anchorBatch(root, "directory", 2);
        vm.warp(block.timestamp + 1 + (seed % 1_000));
        vm.prank(creator);
        try registry.setAnchorStatus(root, creator, IModelProvenanceNFT.Status(status % 3), "") {} catch {}
        vm.prank(creator);
        try registry.mintAnchored(root, creator, submission, proof) returns (uint256 id) {
            _remember(id);
            anchoredHash[id] = _hashOf(submission, creator, registry.getAnchor(root, creator).anchoredAt);
        } catch {}
    }

    function setStatus(uint256 index, uint8 status, uint8 actor) external {
        if (tokenIds.length == 0) return;
        uint256 id = tokenIds[index % tokenIds.length];
        vm.prank(actors[actor % 4]);
        try registry.setStatus(id, IModelProvenanceNFT.Status(status % 3), "reason") {
            if (status % 3 == 2) wasRevoked[id] = true;
        } catch {}
    }

    function transfer(uint256 index, uint8 to) external {
        if (tokenIds.length == 0) return;
        uint256 id = tokenIds[index % tokenIds.length];
        address owner = registry.ownerOf(id);
        vm.prank(owner);
        registry.transferFrom(owner, actors[to % 4], id);
    }

    function setTokenRoyalty(uint256 index, uint8 actor, uint96 basisPoints) external {
        if (tokenIds.length == 0) return;
        uint256 id = tokenIds[index % tokenIds.length];
        vm.prank(actors[actor % 4]);
        try registry.setTokenRoyalty(id, actors[actor % 4], basisPoints % 1_100) {} catch {}
    }

    function administer(uint8 actor, uint96 basisPoints) external {
        vm.prank(admin);
        try registry.setDefaultRoyalty(actors[actor % 4], basisPoints % 1_100) {} catch {}
        vm.prank(admin);
        registry.setRenderer(actor % 2 == 0 ? address(this) : address(0));
    }

    function grantAndEndorse(uint256 index, uint8 actor, uint64 expires) external {
        if (tokenIds.length == 0) return;
        uint256 id = tokenIds[index % tokenIds.length];
        vm.prank(registry.ownerOf(id));
        try registry.grantUse(id, actors[actor % 4], expires) {} catch {}
        vm.prank(registry.ownerOf(id));
        registry.endorse(id, 1 + (expires % 3), address(this), index);
    }

    function warp(uint16 secondsLater) external {
        vm.warp(block.timestamp + secondsLater);
    }

    /// @notice A hash of every field of a record but its status.
    function hashRecord(uint256 id) public view returns (bytes32) {
        IModelProvenanceNFT.ModelData memory model = registry.getModelData(id);
        model.status = IModelProvenanceNFT.Status.Active;
        return keccak256(abi.encode(model));
    }

    function _remember(uint256 id) private {
        tokenIds.push(id);
        recordHash[id] = hashRecord(id);
        wasRevoked[id] = registry.getModelData(id).status == IModelProvenanceNFT.Status.Revoked;
    }

    function _submission(
        uint256 seed,
        uint8 relation,
        uint8 parents
    ) private view returns (IModelProvenanceNFT.ModelSubmission memory submission) {
        // Few digests, so that duplicates happen.
        submission.modelDigest = bytes32(1 + (seed % 64));
        submission.metadataDigest = keccak256(abi.encode(seed));
        submission.relation = IModelProvenanceNFT.Relation(relation % 8);
        submission.framework = seed % 2 == 0 ? "PyTorch 2.9.0" : "";
        submission.license = seed % 3 == 0 ? "Apache-2.0" : "MIT";
        submission.performanceMetrics = seed % 5 == 0 ? "accuracy=0.9312" : "";
        submission.datasetDigest = seed % 7 == 0 ? bytes32(seed) : bytes32(0);
        uint256 wanted = parents % 3;
        if (wanted > tokenIds.length) wanted = tokenIds.length;
        submission.parents = new uint256[](wanted);
        for (uint256 i = 0; i < wanted; ++i)
            submission.parents[i] = tokenIds[((seed % tokenIds.length) + i) % tokenIds.length];
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

    function _leaf(bytes32 modelDigest, bytes32 submissionHash) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(modelDigest, submissionHash))));
    }
}
