// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/// @title Tokens that expire and can be renewed (ERC-5643; its interface id is 0x8c65f84d)
interface IERC5643 {
    /// @notice A token now ends at another time.
    event SubscriptionUpdate(uint256 indexed tokenId, uint64 expiration);

    /// @notice Pays for `duration` more seconds.
    function renewSubscription(uint256 tokenId, uint64 duration) external payable;

    /// @notice Ends a token now. For its owner and whom the owner approved; nothing is paid back.
    function cancelSubscription(uint256 tokenId) external payable;

    /// @notice Unix time in seconds from which a token is worth nothing; the largest number where it never ends.
    function expiresAt(uint256 tokenId) external view returns (uint64);

    /// @notice Whether a token can be renewed now.
    function isRenewable(uint256 tokenId) external view returns (bool);
}
