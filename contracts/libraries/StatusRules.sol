// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";

/**
 * @title Who may give which status
 * @notice The one place of the rule, for models and for batches: Revoked is final; owner, creator and curators move
 * between Active and Deprecated; what a curator deprecated only a curator lifts; a mere owner cannot revoke.
 */
library StatusRules {
    enum Verdict {
        Allowed,
        Unauthorized,
        Revoked,
        Held
    }

    /// @dev What the account that asks is to the model; it can be several at once.
    struct Standing {
        bool isOwner;
        bool isCreator;
        bool isCurator;
    }

    /// @notice Whether `account` may move a model from `current` to `next`.
    function decide(
        IModelProvenanceNFT.Status current,
        bool heldByCurator,
        IModelProvenanceNFT.Status next,
        Standing memory account
    ) internal pure returns (Verdict) {
        bool mayRevoke = account.isCreator || account.isCurator;
        if (!mayRevoke && !account.isOwner) return Verdict.Unauthorized;
        // Revocation is final: a verifier that once saw "revoked" must never see it undone.
        if (current == IModelProvenanceNFT.Status.Revoked) return Verdict.Revoked;
        if (next == IModelProvenanceNFT.Status.Revoked) return mayRevoke ? Verdict.Allowed : Verdict.Unauthorized;
        if (next == IModelProvenanceNFT.Status.Active && heldByCurator && !account.isCurator) return Verdict.Held;
        return Verdict.Allowed;
    }

    /// @notice Whether a curator that sets this status holds the model, so that only a curator lifts it.
    function holds(IModelProvenanceNFT.Status status) internal pure returns (bool) {
        return status != IModelProvenanceNFT.Status.Active;
    }
}
