// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {RendererMock} from "../../../contracts/mocks/RendererMock.sol";
import {TransferValidatorMock} from "../../../contracts/mocks/TransferValidatorMock.sol";
import {deploy} from "../helpers/deploy.sol";
import {vm} from "../helpers/Vm.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice What the admin does: roles, transfer validators, renderers, the default royalty, and leaving; and transfers.
abstract contract AdminHandler is HandlerBase {
    bytes32 private constant MINTER_ROLE = keccak256("MINTER_ROLE");
    bytes32 private constant CURATOR_ROLE = keccak256("CURATOR_ROLE");

    /// @dev None, one that allows everything, one that refuses everything.
    address[3] public validators;
    /// @dev None, one that draws, one that fails, and two that would add a member or break the document.
    address[5] public renderers;
    address public validator;
    address public renderer;
    bool public isRendererLocked;
    bool public hasAdmin = true;

    modifier whileAdministered() {
        if (hasAdmin) _;
    }

    constructor() {
        validators[1] = address(new TransferValidatorMock(TransferValidatorMock.Behaviour.Allow));
        validators[2] = address(new TransferValidatorMock(TransferValidatorMock.Behaviour.Refuse));
        renderers[1] = deploy("ModelRenderer.sol:ModelRenderer", abi.encode(registry));
        renderers[2] = _mock(RendererMock.Behaviour.Revert, "");
        renderers[3] = _mock(RendererMock.Behaviour.Answer, abi.encode('x","name":"a fine model\\'));
        renderers[4] = _mock(RendererMock.Behaviour.Answer, hex"0102030405");
    }

    /// @dev Roles are given three times as often as they are taken, so that much goes on.
    function setRole(uint8 actor, bool curator, uint256 seed) external {
        address account = actors[actor % 4];
        address caller = hasAdmin ? _callerFor(seed, admin) : actors[seed % 4];
        bytes32 role = curator ? CURATOR_ROLE : MINTER_ROLE;
        bool give = (seed / 8) % 4 != 0;
        vm.prank(caller);
        (bool success, ) = address(registry).call(
            give
                ? abi.encodeCall(registry.grantRole, (role, account))
                : abi.encodeCall(registry.revokeRole, (role, account))
        );
        require(success == (caller == admin), "a role was not the admin's to give or take");
        if (success) (curator ? isCurator : isMinter)[account] = give;
    }

    /// @dev With a validator that refuses no token moves, without one or with one that allows every owner moves its own.
    function transfer(uint256 index, uint8 to) external {
        if (tokenIds.length != 0) _transfer(_pick(index), actors[to % 4]);
    }

    function setTransferValidator(uint8 kind) external whileAdministered {
        _setValidator(validators[kind % 3]);
    }

    /// @dev While a validator refuses, nothing moves; the admin unsets it, and the same token moves.
    function freezeAndThaw(uint256 index, uint8 to) external whileAdministered {
        if (tokenIds.length == 0) return;
        _setValidator(validators[2]);
        _transfer(_pick(index), actors[to % 4]);
        _setValidator(address(0));
        _transfer(_pick(index), actors[to % 4]);
    }

    function setRenderer(uint8 kind) external whileAdministered {
        address next = renderers[kind % 5];
        vm.prank(admin);
        try registry.setRenderer(next) {
            require(!isRendererLocked, "a locked renderer was replaced");
            renderer = next;
        } catch {
            require(isRendererLocked, "a renderer cannot be set");
        }
    }

    /// @dev Seldom, for it ends what setRenderer can do.
    function lockRenderer(uint8 seed) external whileAdministered {
        if (seed % 8 != 0) return;
        vm.prank(admin);
        try registry.lockRenderer() {
            require(!isRendererLocked, "a renderer was locked twice");
            isRendererLocked = true;
        } catch {
            require(isRendererLocked, "a renderer cannot be locked");
        }
    }

    function setDefaultRoyalty(uint8 actor, uint96 basisPoints) external whileAdministered {
        vm.prank(admin);
        try registry.setDefaultRoyalty(actors[actor % 4], basisPoints % 1_100) {} catch {}
    }

    /// @dev Seldom, for it ends administration; and never while a validator is set.
    function renounceAdministration(uint8 seed) external whileAdministered {
        if (seed % 16 != 0) return;
        vm.startPrank(admin);
        registry.beginDefaultAdminTransfer(address(0));
        vm.warp(block.timestamp + 3 days + 1);
        try registry.renounceRole(0, admin) {
            hasAdmin = false;
        } catch (bytes memory reason) {
            bytes4 expected = IModelProvenanceNFT.ModelProvenanceTransferValidatorSet.selector;
            require(bytes4(reason) == expected && validator != address(0), "an admin cannot leave");
            registry.cancelDefaultAdminTransfer();
        }
        vm.stopPrank();
    }

    function _mock(RendererMock.Behaviour behaviour, bytes memory answer) private returns (address) {
        RendererMock mock = new RendererMock();
        mock.behave(behaviour, answer);
        return address(mock);
    }

    function _setValidator(address next) private {
        vm.prank(admin);
        registry.setTransferValidator(next);
        validator = next;
    }

    function _transfer(uint256 id, address to) private {
        Ghost storage ghost = _ghost(id);
        vm.prank(ghost.owner);
        try registry.transferFrom(ghost.owner, to, id) {
            require(validator != validators[2], "a refused transfer happened");
            ghost.owner = to;
        } catch {
            require(validator == validators[2], "an owner cannot move its token");
        }
    }
}
