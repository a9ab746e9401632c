import { readFileSync } from "node:fs";
import type { LicenseMarket__factory } from "../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import type { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";

const ARTIFACTS = "../../artifacts/contracts";

function readAbi(path: string): unknown {
  return (JSON.parse(readFileSync(new URL(`${ARTIFACTS}/${path}`, import.meta.url), "utf8")) as { abi: unknown }).abi;
}

/** The registry's ABI, as the compiler wrote it: what an event is called stands in the contract alone. */
export const REGISTRY_ABI = readAbi(
  "registry/ModelProvenanceNFT.sol/ModelProvenanceNFT.json",
) as typeof ModelProvenanceNFT__factory.abi;

/** The market's ABI, as that. */
export const MARKET_ABI = readAbi("market/LicenseMarket.sol/LicenseMarket.json") as typeof LicenseMarket__factory.abi;
