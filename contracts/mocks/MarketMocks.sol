// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IModelProvenanceNFT} from "../registry/IModelProvenanceNFT.sol";

/// @notice What a market asks of a registry, and nothing else: whoever asks may set it.
contract RegistryMock {
    mapping(uint256 tokenId => address) public ownerOf;
    mapping(uint256 tokenId => address) private _creators;
    mapping(uint256 tokenId => uint256[]) private _parents;
    mapping(uint256 tokenId => IModelProvenanceNFT.Status) private _statuses;

    function setModel(uint256 tokenId, address owner, address creator, uint256[] calldata parents) external {
        ownerOf[tokenId] = owner;
        _creators[tokenId] = creator;
        _parents[tokenId] = parents;
    }

    function setStatus(uint256 tokenId, IModelProvenanceNFT.Status status) external {
        _statuses[tokenId] = status;
    }

    function getStatus(
        uint256 tokenId
    ) external view returns (IModelProvenanceNFT.Status status, address account, uint40 time, string memory reason) {
        return (_statuses[tokenId], address(0), 0, "");
    }

    function getModelData(uint256 tokenId) external view returns (IModelProvenanceNFT.ModelData memory data) {
        data.creator = _creators[tokenId];
        data.parents = _parents[tokenId];
    }
}

/// @notice A token whose transfers return nothing, as some old ones do.
contract NoReturnERC20Mock {
    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice A token whose transfers answer false instead of reverting.
contract FalseERC20Mock {
    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}

/// @notice A token whose balances change by themselves: all of them, by a factor in percent.
contract RebasingERC20Mock is ERC20 {
    uint256 public percent = 100;

    constructor() ERC20("Rebase", "REBASE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function rebase(uint256 percent_) external {
        percent = percent_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * percent) / 100;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, (amount * 100) / percent);
    }
}

/// @notice Calls somebody while it moves a balance, as ERC-777 does, and keeps what came of it.
contract CallingERC20Mock is ERC20 {
    address private _target;
    bytes private _call;
    bool public succeeded;
    bytes public answer;

    constructor() ERC20("Call", "CALL") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setCall(address target, bytes calldata data) external {
        _target = target;
        _call = data;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (_target != address(0)) (succeeded, answer) = _target.call(_call);
    }
}

/// @notice A seller or payee that calls somebody when it gets ether, and keeps what came of it; or that takes none.
contract CallingPayeeMock {
    address private _target;
    bytes private _call;
    bool public succeeded;
    bytes public answer;

    function setCall(address target, bytes calldata data) external {
        _target = target;
        _call = data;
    }

    function execute(address target, bytes calldata data) external {
        (bool success, bytes memory reason) = target.call(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    receive() external payable {
        require(_target != address(0), "no ether please");
        (succeeded, answer) = _target.call(_call);
    }
}
