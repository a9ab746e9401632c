// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../helpers/Vm.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice What owners do: endorse children here and elsewhere, admit others, and take both back; others try it too.
abstract contract OwnersHandler is HandlerBase {
    struct Endorsement {
        uint256 parentId;
        uint256 chainId;
        address registry;
        uint256 childId;
        bool stands;
    }
    struct Grant {
        uint256 tokenId;
        address account;
    }

    Endorsement[] private _endorsements;
    mapping(bytes32 child => uint256 position) private _positions;
    Grant[] private _grants;
    mapping(uint256 tokenId => mapping(address owner => mapping(address account => uint64))) public expiryOf;

    /// @dev An even seed: a child elsewhere; an odd one: a token of this registry, which must name the parent.
    function endorse(uint256 index, uint256 seed, uint256 child) external {
        if (tokenIds.length == 0) return;
        uint256 id = _pick(index);
        Endorsement memory made = Endorsement(id, 1 + (seed % 3), address(this), child % 4, true);
        if (seed % 2 == 1) {
            (made.chainId, made.registry) = (block.chainid, address(registry));
            made.childId = _pick(child);
        }
        address caller = _callerFor(seed / 2, _ghost(id).owner);
        vm.prank(caller);
        try registry.endorse(id, made.chainId, made.registry, made.childId) {
            require(caller == _ghost(id).owner, "endorsed by another than the owner");
            require(made.registry == address(this) || _names(made.childId, id), "endorsed a child of others");
            _note(made);
        } catch {}
    }

    function withdrawEndorsement(uint256 index, uint256 seed) external {
        if (_endorsements.length == 0) return;
        Endorsement storage made = _endorsements[index % _endorsements.length];
        address owner = _ghost(made.parentId).owner;
        address caller = _callerFor(seed, owner);
        vm.prank(caller);
        try registry.withdrawEndorsement(made.parentId, made.chainId, made.registry, made.childId) {
            require(caller == owner && made.stands, "withdrawn by another, or twice");
            made.stands = false;
        } catch {
            require(caller != owner || !made.stands, "an owner cannot withdraw");
        }
    }

    function grantUse(uint256 index, uint8 actor, uint256 seed, uint16 lasts) external {
        if (tokenIds.length == 0) return;
        Grant memory grant = Grant(_pick(index), actors[actor % 4]);
        address owner = _ghost(grant.tokenId).owner;
        address caller = _callerFor(seed, owner);
        uint64 expires = uint64(block.timestamp + lasts);
        vm.prank(caller);
        try registry.grantUse(grant.tokenId, grant.account, expires) {
            require(caller == owner && lasts != 0, "granted by another, or for no time");
            expiryOf[grant.tokenId][owner][grant.account] = expires;
            _grants.push(grant);
        } catch {}
    }

    function revokeUse(uint256 index, uint256 seed) external {
        if (_grants.length == 0) return;
        Grant memory grant = _grants[index % _grants.length];
        address owner = _ghost(grant.tokenId).owner;
        address caller = _callerFor(seed, owner);
        vm.prank(caller);
        try registry.revokeUse(grant.tokenId, grant.account) {
            require(caller == owner, "revoked by another than the owner");
            delete expiryOf[grant.tokenId][owner][grant.account];
        } catch {
            require(caller != owner, "an owner cannot revoke");
        }
    }

    /// @dev The moment at which a grant ends is the one that is easily wrong.
    function warpToExpiry(uint256 index) external {
        if (_grants.length == 0) return;
        Grant memory grant = _grants[index % _grants.length];
        uint64 expires = expiryOf[grant.tokenId][_ghost(grant.tokenId).owner][grant.account];
        if (expires > block.timestamp) vm.warp(expires);
    }

    function endorsementCount() external view returns (uint256) {
        return _endorsements.length;
    }

    function endorsementAt(uint256 index) external view returns (Endorsement memory) {
        return _endorsements[index];
    }

    function grantCount() external view returns (uint256) {
        return _grants.length;
    }

    function grantAt(uint256 index) external view returns (Grant memory) {
        return _grants[index];
    }

    /// @dev The same child may be endorsed again: it is kept once.
    function _note(Endorsement memory made) private {
        bytes32 key = keccak256(abi.encode(made.parentId, made.chainId, made.registry, made.childId));
        if (_positions[key] == 0) {
            _endorsements.push(made);
            _positions[key] = _endorsements.length;
        } else {
            _endorsements[_positions[key] - 1].stands = true;
        }
    }

    function _names(uint256 childId, uint256 parentId) private view returns (bool) {
        uint256[] memory parents = registry.getModelData(childId).parents;
        for (uint256 i = 0; i < parents.length; ++i) {
            if (parents[i] == parentId) return true;
        }
        return false;
    }
}
