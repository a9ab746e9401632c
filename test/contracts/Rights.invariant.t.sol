// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OwnersHandler} from "./handlers/OwnersHandler.sol";
import {RegistryInvariantTest} from "./helpers/RegistryInvariantTest.sol";

/// @notice What holds of vouchers, roles, endorsements, grants and rules after any sequence of calls.
contract RightsInvariantTest is RegistryInvariantTest {
    function invariant_CancelledVouchersNeverMint() external view {
        for (uint256 i = 0; i < handler.voucherCount(); ++i) {
            (bool cancelled, bool minted) = handler.fateOf(i);
            require(!(cancelled && minted), "a cancelled voucher minted");
        }
    }

    function invariant_RolesAreThoseTheAdminGave() external view {
        for (uint256 i = 0; i < 4; ++i) {
            address actor = handler.actors(i);
            require(registry.hasRole(registry.MINTER_ROLE(), actor) == handler.isMinter(actor), "minters");
            require(registry.hasRole(registry.CURATOR_ROLE(), actor) == handler.isCurator(actor), "curators");
        }
    }

    function invariant_EndorsementsStandUntilTheyAreWithdrawn() external view {
        for (uint256 i = 0; i < handler.endorsementCount(); ++i) {
            OwnersHandler.Endorsement memory made = handler.endorsementAt(i);
            require(
                registry.isEndorsed(made.parentId, made.chainId, made.registry, made.childId) == made.stands,
                "an endorsement came or went"
            );
        }
    }

    /// A grant gives access from the present owner alone, until it expires or is revoked.
    function invariant_AccessIsOwnershipOrALivingGrant() external view {
        for (uint256 i = 0; i < handler.grantCount(); ++i) {
            OwnersHandler.Grant memory grant = handler.grantAt(i);
            address owner = registry.ownerOf(grant.tokenId);
            bool expected =
                grant.account == owner || block.timestamp < handler.expiryOf(grant.tokenId, owner, grant.account);
            require(registry.hasAccess(grant.tokenId, grant.account) == expected, "access came or went");
        }
    }

    function invariant_AValidatorHasAnAdminToUnsetIt() external view {
        address validator = registry.getTransferValidator();
        require(validator == handler.validator(), "a validator came or went");
        require(validator == address(0) || registry.owner() == ADMIN, "tokens are frozen for ever");
        require(registry.owner() == (handler.hasAdmin() ? ADMIN : address(0)), "the admin changed");
    }

    /// Whatever the renderer is, the newest and the oldest token say where their metadata is, or that they are recalled.
    function invariant_TokensAreShownWhateverTheRenderer() external view {
        require(registry.getRenderer() == handler.renderer(), "the renderer changed");
        if (handler.count() == 0) return;
        require(bytes(registry.tokenURI(handler.tokenIds(0))).length >= 66, "the oldest token says nothing");
        uint256 last = handler.tokenIds(handler.count() - 1);
        require(bytes(registry.tokenURI(last)).length >= 66, "the newest token says nothing");
    }
}
