import { readFileSync } from "node:fs";
import type { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";

const ARTIFACT = "../../artifacts/contracts/registry/ModelProvenanceNFT.sol/ModelProvenanceNFT.json";

/** The registry's ABI, as the compiler wrote it: what an event is called stands in the contract alone. */
export const REGISTRY_ABI = (
  JSON.parse(readFileSync(new URL(ARTIFACT, import.meta.url), "utf8")) as {
    abi: typeof ModelProvenanceNFT__factory.abi;
  }
).abi;
