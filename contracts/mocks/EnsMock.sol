// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What the universal resolver of ENS says of where a name is answered.
struct ResolverInfo {
    bytes name;
    uint256 offset;
    bytes32 node;
    address resolver;
    bool extended;
}

/// @notice Universal resolver and resolver of ENS in one, for tests: names are set by their node, without a registry.
contract EnsMock {
    mapping(bytes32 node => string) private _names;
    mapping(bytes32 node => address) private _addresses;
    mapping(bytes32 node => bool) private _known;
    mapping(bytes32 node => bool) private _offchain;
    bool private _extended;

    error ResolverNotFound(bytes name);
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);

    function setName(bytes32 node, string calldata value) external {
        _names[node] = value;
        _known[node] = true;
    }

    function setAddress(bytes32 node, address value) external {
        _addresses[node] = value;
        _known[node] = true;
    }

    function setOffchain(bytes32 node) external {
        _offchain[node] = true;
        _known[node] = true;
    }

    function setExtended(bool extended) external {
        _extended = extended;
    }

    function requireResolver(bytes calldata dnsName) external view returns (ResolverInfo memory) {
        bytes32 node = _nodeOf(dnsName, 0);
        if (!_known[node]) revert ResolverNotFound(dnsName);
        return ResolverInfo(dnsName, 0, node, address(this), _extended);
    }

    function name(bytes32 node) public view returns (string memory) {
        _refuseOffchain(node);
        return _names[node];
    }

    function addr(bytes32 node) public view returns (address) {
        _refuseOffchain(node);
        return _addresses[node];
    }

    /// @notice As a resolver of ENSIP-10 answers.
    function resolve(bytes calldata, bytes calldata data) external view returns (bytes memory) {
        bytes32 node = abi.decode(data[4:], (bytes32));
        return bytes4(data) == this.name.selector ? abi.encode(name(node)) : abi.encode(addr(node));
    }

    function _refuseOffchain(bytes32 node) private view {
        if (_offchain[node]) revert OffchainLookup(address(this), new string[](1), "", this.name.selector, "");
    }

    function _nodeOf(bytes calldata dnsName, uint256 at) private pure returns (bytes32) {
        uint256 length = uint8(dnsName[at]);
        if (length == 0) return bytes32(0);
        uint256 end = at + 1 + length;
        return keccak256(abi.encodePacked(_nodeOf(dnsName, end), keccak256(dnsName[at + 1:end])));
    }
}
