// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";

/**
 * @title Who may give which status
 * @notice The one place of the rule, for models and for batches: Revoked is final; owner, creator and curators move
 * between Active and Deprecated; a mere owner cannot revoke; and while a model is not Active, its status and the reason
 * stand until an account says otherwise that is as strong as the one that set them; but a creator may always revoke.
 * Active holds nothing: whoever sets it takes back what was said, and the next warning may come from anybody who may warn.
 */
library StatusRules {
    /// @notice What an account is to a model: the strongest of what it is.
    enum Strength {
        None,
        Owner,
        Creator,
        Curator
    }

    /// @dev Added: allowed, and what was said before stays with it.
    enum Verdict {
        Allowed,
        Added,
        Unauthorized,
        Revoked,
        Held
    }

    /// @notice The strength of an account, which can be several things at once.
    function strengthOf(bool isOwner, bool isCreator, bool isCurator) internal pure returns (Strength) {
        if (isCurator) return Strength.Curator;
        if (isCreator) return Strength.Creator;
        return isOwner ? Strength.Owner : Strength.None;
    }

    /// @notice Whether an account of this strength may move a model from `current`, which `setBy` set, to `next`.
    function decide(
        IModelProvenanceNFT.Status current,
        Strength setBy,
        IModelProvenanceNFT.Status next,
        Strength account
    ) internal pure returns (Verdict) {
        if (account == Strength.None) return Verdict.Unauthorized;
        // Revocation is final: a verifier that once saw "revoked" must never see it undone.
        if (current == IModelProvenanceNFT.Status.Revoked) return Verdict.Revoked;
        if (next == IModelProvenanceNFT.Status.Revoked && account == Strength.Owner) return Verdict.Unauthorized;
        // Nobody silences a warning, or puts other words into it, of somebody stronger. A revocation is the louder one, and
        // must not wait for a curator that there may be no more.
        if (current == IModelProvenanceNFT.Status.Active || account >= setBy) return Verdict.Allowed;
        return next == IModelProvenanceNFT.Status.Revoked ? Verdict.Added : Verdict.Held;
    }
}
