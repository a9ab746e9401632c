import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Deploys the factory of royalty splitters. It belongs to nobody, so one serves a whole chain. */
export default buildModule("RoyaltySplitterFactory", (m) => ({ factory: m.contract("RoyaltySplitterFactory") }));
