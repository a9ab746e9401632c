import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Deploys what draws the models of a registry; the registry's admin then names it by `setRenderer`. */
export default buildModule("ModelRenderer", (m) => ({
  renderer: m.contract("ModelRenderer", [m.getParameter("registry")]),
}));
