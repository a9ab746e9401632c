import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Deploys the market of licences. It belongs to nobody and takes any registry, so one serves a whole chain. */
export default buildModule("LicenseMarket", (m) => ({ market: m.contract("LicenseMarket") }));
