// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {ICreatorToken, ILegacyCreatorToken} from "./ICreatorToken.sol";
import {ITransferValidator} from "./ITransferValidator.sol";
import {ModelRecords} from "./ModelRecords.sol";

/**
 * @title Transfer rules, optional
 * @notice The ERC-721C hook that marketplaces read to see that royalties are enforced. Minting never asks the validator,
 * unsetting it never calls it, and while one is set there is an admin to unset it: no token can be frozen for ever.
 */
abstract contract TransferValidation is ModelRecords, ICreatorToken {
    address private _transferValidator;

    /// @inheritdoc ILegacyCreatorToken
    function setTransferValidator(address validator) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (validator != address(0) && validator.code.length == 0) {
            revert ModelProvenanceInvalidTransferValidator(validator);
        }
        emit TransferValidatorUpdated(_transferValidator, validator);
        _transferValidator = validator;
    }

    /// @inheritdoc ILegacyCreatorToken
    function getTransferValidator() external view returns (address) {
        return _transferValidator;
    }

    /// @inheritdoc ICreatorToken
    function getTransferValidationFunction() external pure returns (bytes4 functionSignature, bool isViewFunction) {
        return (ITransferValidator.validateTransfer.selector, true);
    }

    /// @inheritdoc AccessControlDefaultAdminRules
    function renounceRole(bytes32 role, address account) public virtual override(AccessControlDefaultAdminRules) {
        if (role == DEFAULT_ADMIN_ROLE && _transferValidator != address(0)) {
            revert ModelProvenanceTransferValidatorSet(_transferValidator);
        }
        super.renounceRole(role, account);
    }

    /// @dev Asks the validator about every transfer but its own; it is a view, so it cannot reenter.
    function _update(address to, uint256 tokenId, address auth) internal virtual override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from != address(0)) {
            address validator = _transferValidator;
            if (validator != address(0) && msg.sender != validator) {
                ITransferValidator(validator).validateTransfer(msg.sender, from, to, tokenId);
            }
        }
    }
}
