// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {vm} from "../helpers/Vm.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Signs vouchers, cancels some, and sends them, also those that are cancelled, expired or sent before.
abstract contract VouchersHandler is HandlerBase {
    struct Voucher {
        /// @dev A `MintVoucher`, encoded.
        bytes encoded;
        bytes signature;
        address signer;
        uint256 deadline;
        bool cancelled;
        bool minted;
    }

    Voucher[] private _vouchers;

    function signVoucher(uint256 seed, uint8 relation, uint8 parents, uint8 actor, uint16 validFor) external {
        IModelProvenanceNFT.MintVoucher memory voucher = IModelProvenanceNFT.MintVoucher({
            to: actors[seed % 4],
            submission: _submission(seed, relation, parents),
            deadline: block.timestamp + validFor
        });
        _vouchers.push(
            Voucher({
                encoded: abi.encode(voucher),
                signature: _sign(actor % 4, registry.hashVoucher(voucher)),
                signer: actors[actor % 4],
                deadline: voucher.deadline,
                cancelled: false,
                minted: false
            })
        );
    }

    function mintWithVoucher(uint256 index, uint8 sender) external {
        if (_vouchers.length == 0) return;
        Voucher storage voucher = _vouchers[index % _vouchers.length];
        IModelProvenanceNFT.MintVoucher memory signed = abi.decode(voucher.encoded, (IModelProvenanceNFT.MintVoucher));
        vm.prank(actors[sender % 4]);
        try registry.mintWithVoucher(signed, voucher.signature) {
            require(block.timestamp <= voucher.deadline, "an expired voucher minted");
            voucher.minted = true;
            Word memory none;
            _remember(signed.submission, signed.to, voucher.signer, none);
        } catch (bytes memory reason) {
            _requireNoTransferRule(reason);
        }
    }

    function cancelVoucher(uint256 index, uint256 seed) external {
        if (_vouchers.length == 0) return;
        Voucher storage voucher = _vouchers[index % _vouchers.length];
        address caller = _callerFor(seed, voucher.signer);
        vm.prank(caller);
        registry.cancelVoucher(abi.decode(voucher.encoded, (IModelProvenanceNFT.MintVoucher)));
        if (caller == voucher.signer && !voucher.minted) voucher.cancelled = true;
    }

    /// @dev A voucher is good up to its deadline, and that second is the one that is easily wrong.
    function warpToDeadline(uint256 index) external {
        if (_vouchers.length == 0) return;
        uint256 deadline = _vouchers[index % _vouchers.length].deadline;
        if (deadline > block.timestamp) vm.warp(deadline);
    }

    function voucherCount() external view returns (uint256) {
        return _vouchers.length;
    }

    /// @notice What became of a voucher: whether it was cancelled before it minted, and whether it minted.
    function fateOf(uint256 index) external view returns (bool cancelled, bool minted) {
        return (_vouchers[index].cancelled, _vouchers[index].minted);
    }
}
