// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../contracts/registry/IModelProvenanceNFT.sol";
import {RegistryTest} from "./helpers/RegistryTest.sol";
import {vm} from "./helpers/Vm.sol";

contract RegistryFuzzTest is RegistryTest {
    uint256 private constant SIGNER_KEY = 0xA11CE;

    function testFuzz_MintProvenanceNFT_RevertWhen_CallerIsNoMinter(address caller, bytes32 digest) external {
        vm.assume(caller != MINTER);
        vm.prank(caller);
        vm.expectRevert(
            abi.encodeWithSignature(
                "AccessControlUnauthorizedAccount(address,bytes32)",
                caller,
                keccak256("MINTER_ROLE")
            )
        );
        registry.mintProvenanceNFT(OWNER, _submission(digest));
    }

    function testFuzz_MintWithVoucher_MakesTheSignerTheCreator(
        uint256 key,
        address sender,
        bytes32 digest,
        uint40 deadline,
        uint40 time
    ) external {
        key = 1 + (key % 1_000_000);
        vm.assume(digest != 0);
        vm.warp(time);
        vm.startPrank(ADMIN);
        registry.grantRole(registry.MINTER_ROLE(), vm.addr(key));
        vm.stopPrank();
        IModelProvenanceNFT.MintVoucher memory voucher = IModelProvenanceNFT.MintVoucher(
            OWNER,
            _submission(digest),
            deadline
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, registry.hashVoucher(voucher));
        vm.prank(sender);
        if (time > deadline) {
            vm.expectRevert(
                abi.encodeWithSelector(IModelProvenanceNFT.ModelProvenanceExpiredVoucher.selector, uint256(deadline))
            );
        }
        registry.mintWithVoucher(voucher, abi.encodePacked(r, s, v));
        if (time <= deadline) {
            require(registry.getModelData(uint256(digest)).creator == vm.addr(key), "creator");
            require(registry.ownerOf(uint256(digest)) == OWNER, "owner");
        }
    }

    /// Whatever the bytes are, no one but a minter becomes a creator by them.
    function testFuzz_MintWithVoucher_RefusesOtherBytes(bytes calldata signature) external {
        IModelProvenanceNFT.MintVoucher memory voucher = IModelProvenanceNFT.MintVoucher(
            OWNER,
            _submission("model"),
            type(uint256).max
        );
        try registry.mintWithVoucher(voucher, signature) {
            revert("minted");
        } catch {}
    }

    function testFuzz_HashVoucher_DependsOnEveryField(
        bytes32 seed,
        string memory text,
        address to,
        uint256 deadline,
        uint8 field,
        bytes32 other
    ) external view {
        IModelProvenanceNFT.ModelSubmission memory submission = _anySubmission(seed, text);
        bytes32 before = registry.hashVoucher(IModelProvenanceNFT.MintVoucher(to, submission, deadline));
        bool changed = _change(submission, field, other);
        bytes32 afterwards = registry.hashVoucher(IModelProvenanceNFT.MintVoucher(to, submission, deadline));
        require((before != afterwards) == changed, "hash");
    }

    function testFuzz_IsAnchored_ProvesTheSubmissionAndNoOther(
        bytes32 seed,
        string memory text,
        bytes32 sibling,
        uint8 field,
        bytes32 other
    ) external {
        IModelProvenanceNFT.ModelSubmission memory submission = _anySubmission(seed, text);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = sibling;
        bytes32 hash = keccak256(abi.encode(submission));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(submission.modelDigest, hash))));
        bytes32 root = leaf < sibling ? keccak256(abi.encode(leaf, sibling)) : keccak256(abi.encode(sibling, leaf));
        vm.prank(MINTER);
        registry.anchorBatch(root, "directory", 2);

        require(registry.isAnchored(root, MINTER, submission.modelDigest, hash, proof), "not proved");
        if (!_change(submission, field, other)) return;
        hash = keccak256(abi.encode(submission));
        require(!registry.isAnchored(root, MINTER, submission.modelDigest, hash, proof), "another is proved");
    }

    function testFuzz_SetStatus_RevertWhen_CallerIsAStranger(
        address caller,
        uint8 status,
        string calldata reason
    ) external {
        vm.assume(caller != OWNER && caller != MINTER && caller != CURATOR);
        uint256 tokenId = _mint(_submission("model"));
        vm.prank(caller);
        vm.expectRevert(
            abi.encodeWithSelector(
                IModelProvenanceNFT.ModelProvenanceUnauthorizedStatusChange.selector,
                caller,
                tokenId
            )
        );
        registry.setStatus(tokenId, IModelProvenanceNFT.Status(status % 3), reason);
    }

    function testFuzz_HasAccess_UntilItExpires(address account, uint64 expires, uint40 now_, uint64 later) external {
        vm.assume(account != OWNER && account != address(0) && expires > now_ && later >= now_);
        vm.warp(now_);
        uint256 tokenId = _mint(_submission("model"));
        vm.prank(OWNER);
        registry.grantUse(tokenId, account, expires);
        vm.warp(later);
        require(registry.hasAccess(tokenId, account) == (later < expires), "access");
    }

    function testFuzz_IsEndorsed_ForOneChildOnly(
        uint256 chainId,
        address child,
        uint256 childId,
        uint256 otherChainId,
        address otherChild,
        uint256 otherChildId
    ) external {
        vm.assume(chainId != 0 && child != address(0) && child != address(registry));
        uint256 tokenId = _mint(_submission("model"));
        vm.prank(OWNER);
        registry.endorse(tokenId, chainId, child, childId);
        bool isSame = chainId == otherChainId && child == otherChild && childId == otherChildId;
        require(registry.isEndorsed(tokenId, chainId, child, childId), "endorsed");
        require(registry.isEndorsed(tokenId, otherChainId, otherChild, otherChildId) == isSame, "another");
    }

    /// Any line of ancestors: the status of one is the status of all after it.
    function testFuzz_LineageStatus_FindsTheOneThatIsRevoked(uint8 length, uint8 revoked) external {
        uint256 count = 1 + (length % 12);
        uint256[] memory ids = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            IModelProvenanceNFT.ModelSubmission memory submission = _submission(keccak256(abi.encode(i)));
            if (i != 0) {
                submission.relation = IModelProvenanceNFT.Relation.FineTune;
                submission.parents = new uint256[](1);
                submission.parents[0] = ids[i - 1];
            }
            ids[i] = _mint(submission);
        }
        uint256 bad = revoked % count;
        vm.prank(CURATOR);
        registry.setStatus(ids[bad], IModelProvenanceNFT.Status.Revoked, "");
        for (uint256 i = 0; i < count; ++i) {
            (IModelProvenanceNFT.Status worst, uint256 cause) = registry.lineageStatus(ids[i], count);
            require((worst == IModelProvenanceNFT.Status.Revoked) == (i >= bad), "worst");
            require(cause == (i >= bad ? ids[bad] : ids[i]), "cause");
        }
    }

    /// Changes one field; false where the new value is the old one.
    function _change(
        IModelProvenanceNFT.ModelSubmission memory submission,
        uint8 field,
        bytes32 other
    ) private pure returns (bool) {
        bytes32 before = keccak256(abi.encode(submission));
        string memory text = string(abi.encodePacked(bytes16(other)));
        field %= 14;
        if (field == 0) submission.modelDigest = other;
        if (field == 1) submission.manifestRoot = other;
        if (field == 2) submission.weightsDigest = other;
        if (field == 3) submission.datasetDigest = other;
        if (field == 4) submission.metadataDigest = other;
        if (field == 5) submission.relation = IModelProvenanceNFT.Relation(uint256(other) % 8);
        if (field == 6) submission.parents = new uint256[](uint256(other) % 17);
        if (field == 7) submission.baseModelDigest = other;
        if (field == 8) submission.framework = text;
        if (field == 9) submission.license = text;
        if (field == 10) submission.performanceMetrics = text;
        if (field == 11) submission.version = text;
        if (field == 12) submission.royaltyReceiver = address(bytes20(other));
        if (field == 13) submission.royaltyBasisPoints = uint96(uint256(other));
        return keccak256(abi.encode(submission)) != before;
    }

    /// A submission whose every field depends on the seed.
    function _anySubmission(
        bytes32 seed,
        string memory text
    ) private pure returns (IModelProvenanceNFT.ModelSubmission memory submission) {
        submission.modelDigest = keccak256(abi.encode(seed, 1));
        submission.manifestRoot = keccak256(abi.encode(seed, 2));
        submission.weightsDigest = keccak256(abi.encode(seed, 3));
        submission.datasetDigest = keccak256(abi.encode(seed, 4));
        submission.metadataDigest = keccak256(abi.encode(seed, 5));
        submission.relation = IModelProvenanceNFT.Relation(uint256(seed) % 8);
        submission.parents = new uint256[](uint256(seed) % 17);
        for (uint256 i = 0; i < submission.parents.length; ++i) submission.parents[i] = uint256(seed) ^ i;
        submission.baseModelDigest = keccak256(abi.encode(seed, 6));
        submission.framework = _cut(text, 64);
        submission.license = _cut(text, 63);
        submission.performanceMetrics = _cut(text, 31);
        submission.version = _cut(text, 33);
        submission.royaltyReceiver = address(bytes20(seed));
        submission.royaltyBasisPoints = uint96(uint256(seed));
    }

    /// The first bytes of a text.
    function _cut(string memory text, uint256 maximum) private pure returns (string memory) {
        bytes memory cut = new bytes(bytes(text).length < maximum ? bytes(text).length : maximum);
        for (uint256 i = 0; i < cut.length; ++i) cut[i] = bytes(text)[i];
        return string(cut);
    }
}
