import { expect } from "chai";
import type { FunctionFragment, ParamType } from "ethers";
import { deployModelProvenance, ethers, networkHelpers } from "../helpers/deploy-model-provenance.ts";

const { loadFixture } = networkHelpers;

/** Who may call a function; "view" is anybody, and it changes nothing. */
type Guard =
  | "view"
  | "admin"
  | "minter"
  | "role's admin"
  | "pending admin"
  | "the account itself"
  | "owner or approved"
  | "owner or operator"
  | "anybody, for itself"
  | "owner"
  | "creator"
  | "owner, creator or curator"
  | "batch's creator or curator"
  | "anybody with a minter's signature";

// Every function a registry has. One that is added must be added here, with who may call it.
const GUARDS: Record<string, Guard> = {
  CURATOR_ROLE: "view",
  DEFAULT_ADMIN_ROLE: "view",
  MINTER_ROLE: "view",
  acceptDefaultAdminTransfer: "pending admin",
  anchorBatch: "minter",
  approve: "owner or operator",
  balanceOf: "view",
  beginDefaultAdminTransfer: "admin",
  cancelDefaultAdminTransfer: "admin",
  cancelVoucher: "anybody, for itself",
  changeDefaultAdminDelay: "admin",
  contractURI: "view",
  defaultAdmin: "view",
  defaultAdminDelay: "view",
  defaultAdminDelayIncreaseWait: "view",
  eip712Domain: "view",
  endorse: "owner",
  getAnchor: "view",
  getApproved: "view",
  getModelData: "view",
  getRenderer: "view",
  getRoleAdmin: "view",
  getStatus: "view",
  getTransferValidationFunction: "view",
  getTransferValidator: "view",
  grantRole: "role's admin",
  grantUse: "owner",
  hasAccess: "view",
  hasRole: "view",
  hashVoucher: "view",
  isAnchored: "view",
  isApprovedForAll: "view",
  isEndorsed: "view",
  lineageStatus: "view",
  lockRenderer: "admin",
  metadataURI: "view",
  mintAnchored: "minter",
  mintBatch: "minter",
  mintProvenanceNFT: "minter",
  mintWithVoucher: "anybody with a minter's signature",
  name: "view",
  owner: "view",
  ownerOf: "view",
  pendingDefaultAdmin: "view",
  pendingDefaultAdminDelay: "view",
  renounceRole: "the account itself",
  revokeRole: "role's admin",
  revokeUse: "owner",
  rollbackDefaultAdminDelay: "admin",
  royaltyInfo: "view",
  "safeTransferFrom(address,address,uint256)": "owner or approved",
  "safeTransferFrom(address,address,uint256,bytes)": "owner or approved",
  setAnchorStatus: "batch's creator or curator",
  setApprovalForAll: "anybody, for itself",
  setDefaultRoyalty: "admin",
  setRenderer: "admin",
  setStatus: "owner, creator or curator",
  setTokenRoyalty: "creator",
  setTransferValidator: "admin",
  supportsInterface: "view",
  symbol: "view",
  tokenURI: "view",
  transferFrom: "owner or approved",
  viewLicense: "view",
  withdrawEndorsement: "owner",
};

const DELEGATECALL = 0xf4;
const CALLCODE = 0xf2;
const SELFDESTRUCT = 0xff;

describe("ModelProvenanceNFT", function () {
  async function listFunctions() {
    const context = await deployModelProvenance();
    const functions = context.registry.interface.fragments.filter(
      (fragment): fragment is FunctionFragment => fragment.type === "function",
    );
    const nameOf = (fragment: FunctionFragment) => {
      const isOverloaded = functions.filter(({ name }) => name === fragment.name).length > 1;
      return isOverloaded ? fragment.format("sighash") : fragment.name;
    };
    return { ...context, functions, nameOf };
  }

  it("has the functions that are listed here, and no other", async function () {
    const { functions, nameOf } = await loadFixture(listFunctions);
    expect(functions.map(nameOf).toSorted()).to.deep.equal(Object.keys(GUARDS).toSorted());
  });

  it("changes nothing in what is listed as a view, and takes no ether", async function () {
    const { functions, nameOf } = await loadFixture(listFunctions);
    for (const fragment of functions) {
      expect(fragment.constant, nameOf(fragment)).to.equal(GUARDS[nameOf(fragment)] === "view");
      expect(fragment.payable, nameOf(fragment)).to.equal(false);
    }
  });

  it("lets nobody without a role call what is listed for admin or minters", async function () {
    const { registry, stranger, functions, nameOf } = await loadFixture(listFunctions);
    for (const fragment of functions) {
      const guard = GUARDS[nameOf(fragment)] ?? "view";
      if (!["admin", "minter", "role's admin"].includes(guard)) continue;

      const values = fragment.inputs.map((input) => zeroOf(input, ethers.id("role")));
      const call = stranger.sendTransaction({
        to: registry,
        data: new ethers.Interface(registry.interface.fragments).encodeFunctionData(fragment, values),
      });
      await expect(call, nameOf(fragment))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, guard === "minter" ? ethers.id("MINTER_ROLE") : ethers.ZeroHash);
    }
  });

  it("cannot run other code in its place, and cannot be destroyed", async function () {
    const { registry } = await loadFixture(deployModelProvenance);
    const code = ethers.getBytes(await ethers.provider.getCode(registry));
    const metadataLength = ((code.at(-2) ?? 0) << 8) + (code.at(-1) ?? 0) + 2;
    const found = new Set<number>();
    for (let position = 0; position < code.length - metadataLength; position++) {
      const opcode = code[position] ?? 0;
      found.add(opcode);
      const isPush = opcode >= 0x60 && opcode <= 0x7f;
      if (isPush) position += opcode - 0x5f;
    }
    for (const opcode of [DELEGATECALL, CALLCODE, SELFDESTRUCT]) expect(found.has(opcode)).to.equal(false);
  });

  /** The simplest value of a type; bytes32 is `role`, for the default admin role may not be granted at all. */
  function zeroOf(type: ParamType, role: string): unknown {
    if (type.baseType === "array") return [];
    if (type.baseType === "tuple") return (type.components ?? []).map((component) => zeroOf(component, role));
    if (type.type === "bytes32") return role;
    if (type.type === "address") return ethers.ZeroAddress;
    if (type.type === "string") return "";
    if (type.type === "bytes") return "0x";
    return 0;
  }
});
