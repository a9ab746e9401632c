// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.24;

/**
 * @title A set of token ids that is also the queue of a walk
 * @notice Nodes lie one after the other in memory, so the set grows without being copied, and its size need not be
 * known. Each node is in a search tree, which answers whether an id is known, and in a list in order of arrival.
 * @dev A node is five words: key, id, left, right, next. The key is a hash of the id, so that no choice of ids makes the
 * tree a list. Zero is no node.
 */
library AncestorSet {
    type Node is uint256;

    /// @notice A set with one id.
    function create(uint256 id) internal pure returns (Node) {
        return _allocate(_keyOf(id), id);
    }

    /**
     * @notice Adds an id at the end of the list, unless the set has it.
     * @return The last node of the list afterwards, and whether it is a new one.
     */
    function add(Node root, Node last, uint256 id) internal pure returns (Node, bool) {
        uint256 key = _keyOf(id);
        uint256 child = Node.unwrap(root);
        uint256 link;
        while (child != 0) {
            uint256 childKey = _load(child);
            if (childKey == key) return (last, false);
            link = child + (key < childKey ? 0x40 : 0x60);
            child = _load(link);
        }
        Node node = _allocate(key, id);
        _store(link, Node.unwrap(node));
        _store(Node.unwrap(last) + 0x80, Node.unwrap(node));
        return (node, true);
    }

    /// @notice The id of a node.
    function idOf(Node node) internal pure returns (uint256) {
        return _load(Node.unwrap(node) + 0x20);
    }

    /// @notice The node that arrived after this one; zero: none yet.
    function next(Node node) internal pure returns (Node) {
        return Node.wrap(_load(Node.unwrap(node) + 0x80));
    }

    /// @notice Whether this is a node.
    function exists(Node node) internal pure returns (bool) {
        return Node.unwrap(node) != 0;
    }

    function _keyOf(uint256 id) private pure returns (uint256 key) {
        assembly ("memory-safe") {
            mstore(0, id)
            key := keccak256(0, 0x20)
        }
    }

    function _allocate(uint256 key, uint256 id) private pure returns (Node node) {
        assembly ("memory-safe") {
            node := mload(0x40)
            mstore(0x40, add(node, 0xa0))
            mstore(node, key)
            mstore(add(node, 0x20), id)
            mstore(add(node, 0x40), 0)
            mstore(add(node, 0x60), 0)
            mstore(add(node, 0x80), 0)
        }
    }

    function _load(uint256 position) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(position)
        }
    }

    function _store(uint256 position, uint256 value) private pure {
        assembly ("memory-safe") {
            mstore(position, value)
        }
    }
}
