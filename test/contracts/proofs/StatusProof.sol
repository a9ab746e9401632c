// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {StatusRules} from "../../../contracts/libraries/StatusRules.sol";

/// @notice One model under the rules of its status, for any sequence of calls by anybody. Proved by .ci/prove.ts.
contract StatusProof {
    IModelProvenanceNFT.Status private _status;
    StatusRules.Strength private _setBy;

    // What happened, to compare with.
    bool private _wasRevoked;
    bool private _curatorWarned;
    bool private _creatorWarned;

    function setStatus(IModelProvenanceNFT.Status next, bool isOwner, bool isCreator, bool isCurator) external {
        StatusRules.Strength strength = StatusRules.strengthOf(isOwner, isCreator, isCurator);
        StatusRules.Verdict verdict = StatusRules.decide(_status, _setBy, next, strength);
        bool isAdded = verdict == StatusRules.Verdict.Added;
        if (!isAdded && verdict != StatusRules.Verdict.Allowed) return;

        assert(!_wasRevoked);
        assert(isOwner || isCreator || isCurator);
        if (next == IModelProvenanceNFT.Status.Revoked) assert(isCreator || isCurator);
        // While a warning stands, nobody weaker lifts it, or puts other words into it; the creator may revoke, and adds.
        if (_curatorWarned) assert(isCurator || (isCreator && next == IModelProvenanceNFT.Status.Revoked));
        if (_creatorWarned) assert(isCreator || isCurator);

        (_status, _setBy) = (next, strength);
        _wasRevoked = next == IModelProvenanceNFT.Status.Revoked;
        bool warns = next != IModelProvenanceNFT.Status.Active;
        _curatorWarned = warns && isCurator;
        _creatorWarned = warns && isCreator && !isCurator;
    }

    function revokedStaysRevoked() external view {
        assert(!_wasRevoked || _status == IModelProvenanceNFT.Status.Revoked);
    }
}
