import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Deploys the adapter to an OperatorFilterRegistry; a registry's admin then names it by `setTransferValidator`. */
export default buildModule("OperatorFilterTransferValidator", (m) => ({
  validator: m.contract("OperatorFilterTransferValidator", [m.getParameter("operatorFilterRegistry")]),
}));
