// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelProvenanceNFT} from "../../../contracts/registry/IModelProvenanceNFT.sol";
import {TransferValidatorMock} from "../../../contracts/mocks/TransferValidatorMock.sol";
import {IRegistry} from "../helpers/IRegistry.sol";
import {vm} from "../helpers/Vm.sol";

/**
 * @notice The accounts that call a registry, and what is known of the tokens that came of it. A call of a handler that
 * reverts fails the run; so what must hold of a single call is required there, and what must hold ever after is an
 * invariant over the ghosts.
 */
abstract contract HandlerBase {
    /// @dev A status, who gave it, when and why; the rank is 3 for a curator, 2 for a creator, 1 for an owner.
    struct Word {
        IModelProvenanceNFT.Status status;
        uint256 rank;
        address account;
        uint40 time;
        string reason;
    }

    /// @dev What the handler expects of a token.
    struct Ghost {
        address owner;
        address creator;
        Word word;
        /// @dev Zero: the default royalty applies.
        address royaltyReceiver;
        uint96 rate;
        /// @dev Of every field but the status.
        bytes32 recordHash;
    }

    uint256 private constant FIRST_KEY = 0xA11CE;

    IRegistry public registry;
    address public admin;
    address[4] public actors;
    uint256[] public tokenIds;
    mapping(address account => bool) public isMinter;
    mapping(address account => bool) public isCurator;
    mapping(uint256 tokenId => Ghost) private _ghosts;

    constructor(IRegistry registry_, address admin_) {
        registry = registry_;
        admin = admin_;
        for (uint256 i = 0; i < 4; ++i) actors[i] = vm.addr(FIRST_KEY + i);
    }

    function warp(uint16 secondsLater) external {
        vm.warp(block.timestamp + secondsLater);
    }

    function count() external view returns (uint256) {
        return tokenIds.length;
    }

    function ghostOf(uint256 id) external view returns (Ghost memory) {
        return _ghosts[id];
    }

    /// @notice A hash of every field of a record but its status.
    function hashRecord(uint256 id) public view returns (bytes32) {
        IModelProvenanceNFT.ModelData memory model = registry.getModelData(id);
        model.status = IModelProvenanceNFT.Status.Active;
        return keccak256(abi.encode(model));
    }

    /// @dev Notes a token that was just minted. Its creator is a minter, whatever the way, and nobody else.
    function _remember(
        IModelProvenanceNFT.ModelSubmission memory submission,
        address owner,
        address creator,
        Word memory word
    ) internal {
        require(isMinter[creator], "minted for an account that is no minter");
        uint256 id = uint256(submission.modelDigest);
        require(_ghosts[id].creator == address(0), "minted twice");
        tokenIds.push(id);
        _ghosts[id] = Ghost({
            owner: owner,
            creator: creator,
            word: word,
            royaltyReceiver: submission.royaltyReceiver,
            rate: submission.royaltyBasisPoints,
            recordHash: hashRecord(id)
        });
    }

    /// @dev Notes a status that was just set, which says what should have forbidden it.
    function _noteStatus(
        Word storage word,
        uint256 rank,
        address caller,
        IModelProvenanceNFT.Status next,
        string memory reason
    ) internal {
        require(word.status != IModelProvenanceNFT.Status.Revoked, "a revocation was not final");
        require(rank != 0, "a stranger set a status");
        require(next != IModelProvenanceNFT.Status.Revoked || rank > 1, "a mere owner revoked");
        bool isHeld = word.status != IModelProvenanceNFT.Status.Active && rank < word.rank;
        bool isRevoked = next == IModelProvenanceNFT.Status.Revoked;
        require(!isHeld || isRevoked, "the word of a stronger account was overwritten");
        if (isHeld) reason = string.concat(reason, "; a curator before: ", word.reason);
        (word.status, word.rank, word.account) = (next, rank, caller);
        (word.time, word.reason) = (uint40(block.timestamp), reason);
    }

    function _ghost(uint256 id) internal view returns (Ghost storage) {
        return _ghosts[id];
    }

    /// @dev The rightful caller as often as any of the actors.
    function _callerFor(uint256 seed, address rightful) internal view returns (address) {
        return seed % 2 == 0 ? rightful : actors[(seed / 2) % 4];
    }

    /// @dev One of the tokens; there must be some.
    function _pick(uint256 index) internal view returns (uint256) {
        return tokenIds[index % tokenIds.length];
    }

    /// @dev Few words, none among them, and some that would break out of a document.
    function _reason(uint256 seed) internal pure returns (string memory) {
        string[4] memory reasons = [
            "",
            "poisoned data",
            '","name":"a fine model\\',
            unicode"\u0001 überholt, see 模型 ‒ long"
        ];
        return reasons[seed % 4];
    }

    /// @dev The signature of an actor.
    function _sign(uint256 actor, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(FIRST_KEY + actor, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev A failed mint may have many reasons, but not the validator of transfers.
    function _requireNoTransferRule(bytes memory reason) internal pure {
        require(bytes4(reason) != TransferValidatorMock.TransferRefused.selector, "a mint asked the validator");
    }

    function _submission(
        uint256 seed,
        uint8 relation,
        uint8 parents
    ) internal view returns (IModelProvenanceNFT.ModelSubmission memory submission) {
        // Few digests, so that duplicates happen.
        submission.modelDigest = bytes32(1 + (seed % 64));
        submission.metadataDigest = keccak256(abi.encode(seed));
        submission.relation = IModelProvenanceNFT.Relation(relation % 8);
        submission.framework = seed % 2 == 0 ? "PyTorch 2.9.0" : "";
        submission.license = seed % 3 == 0 ? "Apache-2.0" : "MIT";
        submission.performanceMetrics = seed % 5 == 0 ? "accuracy=0.9312" : "";
        submission.datasetDigest = seed % 7 == 0 ? bytes32(seed) : bytes32(0);
        if (seed % 3 == 1) {
            submission.royaltyReceiver = actors[seed % 4];
            submission.royaltyBasisPoints = uint96(seed % 1_001);
        }
        uint256 wanted = parents % 3;
        if (wanted > tokenIds.length) wanted = tokenIds.length;
        submission.parents = new uint256[](wanted);
        for (uint256 i = 0; i < wanted; ++i) submission.parents[i] = _pick((seed % tokenIds.length) + i);
    }
}
