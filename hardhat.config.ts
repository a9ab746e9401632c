import { fileURLToPath } from "node:url";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { config as loadEnvironmentFile } from "dotenv";
import { configVariable, defineConfig, overrideTask } from "hardhat/config";
import type { HttpNetworkUserConfig } from "hardhat/types/config";
import { compileTestsApart } from "./scripts/support/tests/compile-tests-apart.ts";
import { NETWORKS, type Network } from "./src/registry/networks.ts";

loadEnvironmentFile({ quiet: true });

// The compiler is the one in node_modules, so nothing is downloaded. Hardhat needs
// its path in every build profile, or that profile would try to fetch one.
const compiler = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    // First, for Hardhat's cache compares profiles as text, and it puts the optimizer of "production" first.
    optimizer: { enabled: true, runs: 800 },
    viaIR: true,
    evmVersion: "cancun",
  },
  // Ignition's command asks for "production", which is alone in these two by default: so one build serves all.
  isolated: false,
  toolVersionsInBuildInfo: false,
};

/** A network of the table. A public chain's id is pinned, so that a wrong RPC URL is refused; URL and key come from the environment or the keystore. */
function toNetwork({ chainId, prefix, chainType, rpcUrl }: Network): HttpNetworkUserConfig {
  if (rpcUrl !== undefined) return { type: "http", url: configVariable(`${prefix}_RPC_URL`, { default: rpcUrl }) };
  return {
    type: "http",
    chainType,
    chainId: Number(chainId),
    url: configVariable(`${prefix}_RPC_URL`),
    accounts: [configVariable(`${prefix}_PRIVATE_KEY`)],
  };
}

/** How many times as many values as usual property tests, fuzz tests and invariants try: for .ci/long. */
const FUZZ_TIMES = Number(process.env["FUZZ_TIMES"] ?? 1);

/** Property tests try other values in every run, unless the environment names the seed they start from. */
async function configureProperties(): Promise<void> {
  const seed = process.env["FAST_CHECK_SEED"];
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ numRuns: 100 * FUZZ_TIMES, ...(seed !== undefined && { seed: Number(seed) }) });
}

export default defineConfig({
  plugins: [toolbox, compileTestsApart],
  tasks: [
    overrideTask(["ignition", "deploy"])
      .setAction(async () => import("./scripts/support/deploy/ignition-deploy.ts"))
      .build(),
  ],
  solidity: { profiles: { default: compiler, production: compiler }, splitTestsCompilation: true },
  networks: Object.fromEntries(NETWORKS.map((network) => [network.name, toNetwork(network)])),
  paths: {
    // Tests keep their journals out of the way of real ones.
    ...(process.env["IGNITION_PATH"] && { ignition: process.env["IGNITION_PATH"] }),
    // An example is compiled with what it builds on, so that it cannot fall behind.
    sources: ["contracts", "examples/consumer"],
    tests: { mocha: "test", solidity: "test/contracts" },
  },
  test: {
    mocha: { timeout: 300_000, rootHooks: { beforeAll: configureProperties } },
    solidity: {
      fuzz: { runs: 256 * FUZZ_TIMES, seed: "0x6d6f64656c2d70726f76656e616e6365" },
      invariant: { runs: 24 * FUZZ_TIMES, depth: 100, failOnRevert: true },
    },
  },
  coverage: { skipFiles: ["contracts/mocks/**"] },
  typechain: { outDir: "typechain-types" },
  ignition: {
    requiredConfirmations: 1,
    // SHA-256 of "model-provenance-nft": with the constructor's arguments it decides the address on every chain.
    strategyConfig: { create2: { salt: "0x289dadad14be9ab82723dd5cd94fa2b56af001b61b6d01c5c59c5e83fa51eb24" } },
  },
  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },
});
