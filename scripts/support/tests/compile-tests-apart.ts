import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { HardhatConfig } from "hardhat/types/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

const TESTS = "test/contracts";
/** What is tested here is compiled into its tests, so these are compiled as what is deployed. */
const OF_LIBRARIES = "libraries/";

/**
 * Compiles the tests that are contracts without IR and optimizer, in a tenth of the time: what they test they deploy as it was
 * compiled for chains (test/contracts/helpers/deploy.sol). All share one configuration object, so that Hardhat compiles
 * them in one go.
 */
export const compileTestsApart: HardhatPlugin = {
  id: "compile-tests-apart",
  hookHandlers: {
    config: async () =>
      Promise.resolve({
        default: async () =>
          Promise.resolve({
            resolveUserConfig: async (config, resolve, next) => override(await next(config, resolve)),
          }),
      }),
  },
};

function override(config: HardhatConfig): HardhatConfig {
  const names = readdirSync(join(config.paths.root, TESTS), { recursive: true, encoding: "utf8" });
  const tests = names.filter((name) => name.endsWith(".sol") && !name.startsWith(OF_LIBRARIES));
  for (const { compilers, overrides } of Object.values(config.solidity.profiles)) {
    const [deployed] = compilers;
    if (deployed === undefined) continue;
    const settings: object = { ...(deployed.settings as object), viaIR: false, optimizer: { enabled: false } };
    const quick = { ...deployed, settings };
    for (const name of tests) overrides[`${TESTS}/${name}`] = quick;
  }
  return config;
}
