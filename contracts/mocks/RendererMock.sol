// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelRenderer} from "../registry/IModelRenderer.sol";

/// @notice A renderer that always fails.
contract RendererMock is IModelRenderer {
    error CannotDraw();

    function renderTokenById(uint256) external pure returns (string memory) {
        revert CannotDraw();
    }

    function tokenImageURI(uint256) external pure returns (string memory) {
        revert CannotDraw();
    }

    function collectionImageURI() external pure returns (string memory) {
        revert CannotDraw();
    }
}
