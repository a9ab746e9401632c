// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../contracts/registry/IModelProvenanceNFT.sol";
import {ModelRecords} from "../../contracts/registry/ModelRecords.sol";
import {RegistryTest} from "./helpers/RegistryTest.sol";
import {vm} from "./helpers/Vm.sol";

contract ModelRecordsTest is RegistryTest {
    bytes32 private constant PARENT = "parent";

    /// @dev Of the mapping of models, as the test of the packs reads it from the compiler.
    uint256 private constant MODELS_SLOT = 9;

    ModelRecords.Record private _unpacked;

    function testFuzz_MintProvenanceNFT_RecordsWhatWasSubmitted(
        bytes32 modelDigest,
        bytes32 datasetDigest,
        bytes32 metadataDigest,
        uint8 relation,
        uint40 time,
        bytes calldata text
    ) external {
        vm.assume(modelDigest != 0 && metadataDigest != 0);
        vm.warp(time);
        IModelProvenanceNFT.ModelSubmission memory submission = _submission(modelDigest);
        submission.datasetDigest = datasetDigest;
        submission.metadataDigest = metadataDigest;
        // A version must name the one before it, and this model has no parents.
        vm.assume(relation % 8 != uint8(IModelProvenanceNFT.Relation.Version));
        submission.relation = IModelProvenanceNFT.Relation(relation % 8);
        submission.framework = string(text[:text.length < 64 ? text.length : 64]);
        submission.license = string(text[:text.length < 47 ? text.length : 47]);
        submission.performanceMetrics = string(text[:text.length < 31 ? text.length : 31]);

        uint256 tokenId = _mint(submission);
        IModelProvenanceNFT.ModelData memory model = registry.getModelData(tokenId);
        _assertEq(tokenId, uint256(modelDigest), "token id");
        require(registry.ownerOf(tokenId) == OWNER && model.creator == MINTER, "accounts");
        _assertEq(model.mintedAt, time, "time");
        require(model.relation == submission.relation && model.status == IModelProvenanceNFT.Status.Active, "enums");
        require(model.datasetDigest == datasetDigest && model.metadataDigest == metadataDigest, "digests");
        _assertEq(model.framework, submission.framework);
        _assertEq(model.license, submission.license);
        _assertEq(registry.viewLicense(tokenId), submission.license);
        _assertEq(model.performanceMetrics, submission.performanceMetrics);
    }

    function testFuzz_MintProvenanceNFT_KeepsTheParentsInOrder(uint8 count, bytes32 seed) external {
        uint256[] memory parents = new uint256[](count % 17);
        for (uint256 i = 0; i < parents.length; ++i) parents[i] = _mint(_submission(keccak256(abi.encode(seed, i))));

        IModelProvenanceNFT.ModelSubmission memory submission = _submission(keccak256(abi.encode(seed)));
        submission.relation = IModelProvenanceNFT.Relation.Merge;
        submission.parents = parents;
        uint256[] memory recorded = registry.getModelData(_mint(submission)).parents;
        _assertEq(recorded.length, parents.length, "count");
        for (uint256 i = 0; i < parents.length; ++i) _assertEq(recorded[i], parents[i], "parent");
    }

    function testFuzz_MintProvenanceNFT_RevertWhen_TextIsTooLong(uint16 extra, uint8 field) external {
        uint256 maximum = field % 4 == 2 ? 31 : 64;
        string memory text = string(new bytes(maximum + 1 + (extra % 512)));
        IModelProvenanceNFT.ModelSubmission memory submission = _submission("model");
        if (field % 4 == 0) submission.framework = text;
        if (field % 4 == 1) submission.license = text;
        if (field % 4 == 2) submission.performanceMetrics = text;
        if (field % 4 == 3) submission.version = text;

        vm.prank(MINTER);
        vm.expectRevert(
            abi.encodeWithSelector(IModelProvenanceNFT.ModelProvenanceTextTooLong.selector, bytes(text).length, maximum)
        );
        registry.mintProvenanceNFT(OWNER, submission);
    }

    function testFuzz_RoyaltyInfo_NeverAboveTheCap(uint96 basisPoints, uint128 price) external {
        IModelProvenanceNFT.ModelSubmission memory submission = _submission("model");
        submission.royaltyReceiver = OWNER;
        submission.royaltyBasisPoints = basisPoints % 1_001;
        (address receiver, uint256 amount) = registry.royaltyInfo(_mint(submission), price);
        require(receiver == OWNER, "receiver");
        require(amount == (uint256(price) * submission.royaltyBasisPoints) / 10_000 && amount <= price / 10, "amount");
    }

    /// The slot is packed by hand when a model is minted; the compiler must read the fields where they were put.
    function testFuzz_Mint_PacksTheSlotAsTheCompilerDoes(bytes32 digest, uint8 relation, uint40 time) external {
        vm.assume(digest != 0 && digest != PARENT && time != 0);
        vm.warp(time);
        IModelProvenanceNFT.ModelSubmission memory submission = _submission(digest);
        if (relation % 8 != 0) {
            // The parent's creator mints the child, so it may be a version as well.
            _mint(_submission(PARENT));
            submission.relation = IModelProvenanceNFT.Relation(relation % 8);
            submission.parents = new uint256[](1);
            submission.parents[0] = uint256(PARENT);
        }
        uint256 id = _mint(submission);

        bytes32 word = vm.load(address(registry), keccak256(abi.encode(id, MODELS_SLOT)));
        assembly {
            sstore(_unpacked.slot, word)
        }
        require(_unpacked.creator == MINTER && _unpacked.mintedAt == time && _unpacked.termsId == 1, "record");
        require(_unpacked.relation == submission.relation, "relation");
        require(_unpacked.status == IModelProvenanceNFT.Status.Active, "status");
        require(_unpacked.parentCount == submission.parents.length, "parents");
    }
}
