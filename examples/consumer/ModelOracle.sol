// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

import {IModelProvenanceNFT} from "../../contracts/registry/IModelProvenanceNFT.sol";

/**
 * @title ModelOracle
 * @notice An oracle's adapter that takes a model's word only while nobody recalled the model or anything it comes from: who
 * reports names nothing, for the model was chosen when this was deployed, by the digest of its files.
 */
contract ModelOracle {
    /// @notice The model reported.
    event Answered(uint256 indexed question, int256 answer);

    /// @notice Only the reporter answers.
    error ModelOracleUnauthorizedReporter(address account);

    /// @notice The model, or `causeId` that it comes from, is not active, and that is why.
    error ModelOracleRecalledModel(uint256 causeId, IModelProvenanceNFT.Status status, string reason);

    /// @notice The registry that says what became of the model.
    IModelProvenanceNFT public immutable registry;

    /// @notice The model: its token id is the digest of its files.
    uint256 public immutable modelId;

    /// @notice The account that runs the model.
    address public immutable reporter;

    /// @notice The most models of a lineage that are asked about; more than that is refused, never passed over.
    uint256 private constant MAX_VISITS = 64;

    mapping(uint256 question => int256) private _answers;

    constructor(IModelProvenanceNFT registry_, uint256 modelId_, address reporter_) {
        // Reverts where there is no such model.
        registry_.getStatus(modelId_);
        (registry, modelId, reporter) = (registry_, modelId_, reporter_);
    }

    /// @notice Takes an answer of the model.
    function report(uint256 question, int256 answer) external {
        if (msg.sender != reporter) revert ModelOracleUnauthorizedReporter(msg.sender);
        _requireActive();
        _answers[question] = answer;
        emit Answered(question, answer);
    }

    /// @notice What the model answered; nothing once it is recalled, for then its earlier answers are in doubt as well.
    function answerTo(uint256 question) external view returns (int256) {
        _requireActive();
        return _answers[question];
    }

    function _requireActive() private view {
        (IModelProvenanceNFT.Status worst, uint256 causeId) = registry.lineageStatus(modelId, MAX_VISITS);
        if (worst == IModelProvenanceNFT.Status.Active) return;
        (, , , string memory reason) = registry.getStatus(causeId);
        revert ModelOracleRecalledModel(causeId, worst, reason);
    }
}
