import { ZeroAddress } from "ethers";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * Deploys one registry. Where a parameter is not given, the deploying account administers and mints: right for
 * a local chain. For a public one name the accounts in ignition/parameters (see docs/deployments.md).
 */
export default buildModule("ModelProvenanceNFT", (m) => {
  const deployer = m.getAccount(0);
  const registry = m.contract("ModelProvenanceNFT", [
    m.getParameter("name", "Model Provenance"),
    m.getParameter("symbol", "MODEL"),
    m.getParameter("admin", deployer),
    m.getParameter("minter", deployer),
    m.getParameter("curator", ZeroAddress),
    m.getParameter("royaltyReceiver", ZeroAddress),
    m.getParameter("royaltyBasisPoints", 0n),
  ]);
  return { registry };
});
