// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IModelProvenanceNFT} from "./IModelProvenanceNFT.sol";
import {Submissions} from "../libraries/Submissions.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Vouchers
 * @notice A minter signs, somebody else pays. A voucher says everything, the receiver included, so whoever sends it first
 * does exactly what its holder wanted; and a digest mints once, so a voucher needs no nonce.
 */
abstract contract ModelVouchers is ModelRecords, EIP712 {
    using Submissions for ModelSubmission;

    // Literals, for the compiler hashes those by itself and anything else at run time.
    bytes32 private constant SUBMISSION_TYPEHASH = keccak256(
        "ModelSubmission(bytes32 modelDigest,bytes32 manifestRoot,bytes32 weightsDigest,bytes32 datasetDigest,"
        "bytes32 metadataDigest,uint8 relation,uint256[] parents,bytes32 baseModelDigest,string framework,"
        "string license,string performanceMetrics,string version,address royaltyReceiver,uint96 royaltyBasisPoints)"
    );

    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "MintVoucher(address to,ModelSubmission submission,uint256 deadline)"
        "ModelSubmission(bytes32 modelDigest,bytes32 manifestRoot,bytes32 weightsDigest,bytes32 datasetDigest,"
        "bytes32 metadataDigest,uint8 relation,uint256[] parents,bytes32 baseModelDigest,string framework,"
        "string license,string performanceMetrics,string version,address royaltyReceiver,uint96 royaltyBasisPoints)"
    );

    uint256 private constant ECDSA_SIGNATURE_LENGTH = 65;
    uint256 private constant ADDRESS_LENGTH = 20;

    mapping(address signer => mapping(bytes32 voucherHash => bool)) private _cancelled;

    constructor() EIP712("ModelProvenanceNFT", "1") {}

    /// @inheritdoc IModelProvenanceNFT
    function mintWithVoucher(
        MintVoucher calldata voucher,
        bytes calldata signature
    ) external returns (uint256 tokenId) {
        if (block.timestamp > voucher.deadline) revert ModelProvenanceExpiredVoucher(voucher.deadline);
        bytes32 voucherHash = hashVoucher(voucher);
        address signer = _recoverSigner(voucherHash, signature);
        _checkRole(MINTER_ROLE, signer);
        if (_cancelled[signer][voucherHash]) revert ModelProvenanceCancelledVoucher(signer, voucherHash);

        return _mintModel(voucher.to, signer, voucher.submission);
    }

    /// @inheritdoc IModelProvenanceNFT
    function cancelVoucher(MintVoucher calldata voucher) external {
        bytes32 voucherHash = hashVoucher(voucher);
        _cancelled[msg.sender][voucherHash] = true;
        emit VoucherCancelled(msg.sender, voucherHash);
    }

    /// @inheritdoc IModelProvenanceNFT
    function hashVoucher(MintVoucher calldata voucher) public view returns (bytes32) {
        bytes32 submissionHash = voucher.submission.hashStruct(SUBMISSION_TYPEHASH);
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, voucher.to, submissionHash, voucher.deadline)));
    }

    /// @dev The account that signed; the caller must still ask whether it may.
    function _recoverSigner(bytes32 voucherHash, bytes calldata signature) private view returns (address signer) {
        if (signature.length == ECDSA_SIGNATURE_LENGTH) {
            (signer, , ) = ECDSA.tryRecoverCalldata(voucherHash, signature);
            if (signer != address(0)) return signer;
        } else if (signature.length > ADDRESS_LENGTH) {
            signer = address(bytes20(signature));
            bytes calldata proof = signature[ADDRESS_LENGTH:];
            if (SignatureChecker.isValidSignatureNowCalldata(signer, voucherHash, proof)) return signer;
        }
        revert ModelProvenanceInvalidSignature(voucherHash, signature);
    }
}
