// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/**
 * @title SignatureCheck
 * @notice Asks an account that is a contract whether it signed a hash (ERC-1271), and makes it first where the signature
 * says how (ERC-6492). It is never deployed: a node runs the constructor in a call, and the word that it returns is the
 * answer: 1 for no, 2 for yes. Nothing at all is no answer, as of a node that does not have the state.
 */
contract SignatureCheck {
    /**
     * @param account Who is said to have signed.
     * @param hash What was signed.
     * @param signature As the account takes it.
     * @param factory Makes the account, or makes it ready; zero: there is none.
     * @param factoryCall What the factory is called with.
     */
    constructor(address account, bytes32 hash, bytes memory signature, address factory, bytes memory factoryCall) {
        bool isSigned = _isSigned(account, hash, signature);
        if (!isSigned && factory != address(0)) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool made, ) = factory.call(factoryCall);
            isSigned = made && _isSigned(account, hash, signature);
        }
        assembly ("memory-safe") {
            mstore(0, add(isSigned, 1))
            return(0, 32)
        }
    }

    // In assembly, so that what a hostile account returns is not copied.
    function _isSigned(address account, bytes32 hash, bytes memory signature) private view returns (bool isSigned) {
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (hash, signature));
        bytes32 magic = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            isSigned := staticcall(gas(), account, add(data, 32), mload(data), 0, 32)
            isSigned := and(isSigned, and(gt(returndatasize(), 31), eq(mload(0), magic)))
        }
    }
}
