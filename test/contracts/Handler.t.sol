// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../contracts/registry/IModelProvenanceNFT.sol";
import {RegistryInvariantTest} from "./helpers/RegistryInvariantTest.sol";

/// @notice The handler of the invariants does what it says: a ghost that nothing reaches would prove nothing.
contract HandlerTest is RegistryInvariantTest {
    uint8 private constant REVOKED = 2;

    /// Even seeds make the rightful account call.
    uint256 private constant RIGHTFUL = 8;

    function test_Vouchers_AreMintedUnlessCancelledOrOfNoMinter() external {
        for (uint256 seed = 0; seed < 3; ++seed) handler.signVoucher(seed, 0, 0, 0, 100);
        handler.cancelVoucher(1, 0);
        for (uint256 i = 0; i < 2; ++i) handler.mintWithVoucher(i, 1);
        handler.setRole(0, false, 0);
        handler.mintWithVoucher(2, 1);
        _assertFate(0, false, true);
        _assertFate(1, true, false);
        _assertFate(2, false, false);

        handler.setRole(0, false, RIGHTFUL);
        handler.mintWithVoucher(2, 1);
        _assertFate(2, false, true);
    }

    function test_Batches_AreMintedUntilTheyAreRevoked() external {
        handler.anchorBatch(0, 0, 0, 1);
        handler.anchorBatch(2, 0, 0, 1);
        handler.mintAnchored(0, 0, 0);
        handler.setAnchorStatus(0, REVOKED, 0);
        handler.mintAnchored(0, 1, 0);
        // Actor 2 is the curator: what it deprecates is minted as deprecated, and held.
        handler.setAnchorStatus(1, 1, 5);
        handler.mintAnchored(1, 0, 0);
        require(handler.batchCount() == 2 && handler.count() == 2, "count");
        require(handler.anchoredHash(handler.tokenIds(0)) != 0, "leaf");
        require(handler.ghostOf(handler.tokenIds(1)).word.rank == 3, "hold");
    }

    function test_Owners_EndorseAndAdmitAndTakeBack() external {
        handler.mint(1, 0, 0, 0);
        handler.mint(2, 2, 1, 0);
        handler.endorse(0, 0, 0);
        // A child here: the second token names the first, and not the other way round.
        handler.endorse(0, 1, 1);
        handler.endorse(1, 1, 0);
        require(handler.endorsementCount() == 2, "endorsed");
        handler.withdrawEndorsement(0, 0);
        require(!handler.endorsementAt(0).stands && handler.endorsementAt(1).stands, "withdrawn");

        handler.grantUse(0, 3, 0, 100);
        address owner = handler.ghostOf(handler.tokenIds(0)).owner;
        require(handler.expiryOf(handler.tokenIds(0), owner, handler.actors(3)) != 0, "granted");
        handler.revokeUse(0, 0);
        require(handler.expiryOf(handler.tokenIds(0), owner, handler.actors(3)) == 0, "revoked");
    }

    function test_Admin_FreezesAndThawsAndLeaves() external {
        handler.mint(1, 0, 0, 0);
        handler.setTransferValidator(2);
        handler.transfer(0, 3);
        require(handler.ghostOf(handler.tokenIds(0)).owner == handler.actors(1), "frozen");
        handler.mint(2, 0, 0, 0);
        require(handler.count() == 2, "minting asks no validator");
        handler.renounceAdministration(0);
        require(handler.hasAdmin(), "left while a validator was set");
        handler.freezeAndThaw(0, 3);
        require(handler.ghostOf(handler.tokenIds(0)).owner == handler.actors(3), "thawed");

        handler.setRenderer(1);
        handler.lockRenderer(0);
        handler.setRenderer(2);
        require(handler.renderer() == handler.renderers(1) && handler.isRendererLocked(), "locked");
        handler.renounceAdministration(0);
        require(!handler.hasAdmin() && registry.owner() == address(0), "left");
    }

    function test_Creators_LowerTheirRoyalty() external {
        handler.mint(4, 0, 0, 0);
        uint256 id = handler.tokenIds(0);
        require(handler.ghostOf(id).rate == 4, "rate");
        handler.setTokenRoyalty(0, 0, 3);
        handler.setTokenRoyalty(0, 0, 4);
        require(handler.ghostOf(id).rate == 3, "lowered");
        handler.setStatus(0, REVOKED, 2);
        require(handler.ghostOf(id).word.status == IModelProvenanceNFT.Status.Revoked, "revoked");
    }

    function _assertFate(uint256 index, bool cancelled, bool minted) private view {
        (bool wasCancelled, bool didMint) = handler.fateOf(index);
        require(wasCancelled == cancelled && didMint == minted, "fate of a voucher");
    }
}
