// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {StatusRules} from "../../../contracts/libraries/StatusRules.sol";

/// @notice One model under the rules of its status, for any sequence of calls by anybody. Proved by .ci/prove.ts.
contract StatusProof {
    IModelProvenanceNFT.Status private _status;
    bool private _held;

    // What happened, to compare with.
    bool private _wasRevoked;
    bool private _curatorDeprecated;

    function setStatus(IModelProvenanceNFT.Status next, bool isOwner, bool isCreator, bool isCurator) external {
        StatusRules.Standing memory standing = StatusRules.Standing(isOwner, isCreator, isCurator);
        StatusRules.Verdict verdict = StatusRules.decide(_status, _held, next, standing);
        if (verdict != StatusRules.Verdict.Allowed) return;

        assert(!_wasRevoked);
        assert(isOwner || isCreator || isCurator);
        if (next == IModelProvenanceNFT.Status.Revoked) assert(isCreator || isCurator);
        if (next == IModelProvenanceNFT.Status.Active && _curatorDeprecated) assert(isCurator);

        _status = next;
        if (isCurator) _held = StatusRules.holds(next);
        _wasRevoked = next == IModelProvenanceNFT.Status.Revoked;
        if (isCurator) _curatorDeprecated = next == IModelProvenanceNFT.Status.Deprecated;
        if (next == IModelProvenanceNFT.Status.Active) _curatorDeprecated = false;
    }

    function revokedStaysRevoked() external view {
        assert(!_wasRevoked || _status == IModelProvenanceNFT.Status.Revoked);
    }
}
