// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title What marketplaces look for on a collection that enforces royalties, in its first form
interface ILegacyCreatorToken {
    /// @notice The transfer validator was set; zero: none.
    event TransferValidatorUpdated(address oldValidator, address newValidator);

    /// @notice The transfer validator; zero: none.
    function getTransferValidator() external view returns (address validator);

    /// @notice Sets the transfer validator; zero: none.
    function setTransferValidator(address validator) external;
}

/// @title What marketplaces look for on a collection that enforces royalties (ERC-721C)
interface ICreatorToken is ILegacyCreatorToken {
    /// @notice The function that is called on the validator, and whether it is a view.
    function getTransferValidationFunction() external view returns (bytes4 functionSignature, bool isViewFunction);
}
