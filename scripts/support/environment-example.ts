import type { OptionDeclaration } from "../../src/base/option.ts";
import { OPTIONS, OPTION_TABLES } from "../../src/cli/options.ts";
import { NETWORKS, type Network } from "../../src/registry/networks.ts";

/** Where the file stands. */
export const ENVIRONMENT_EXAMPLE = new URL("../../.env.example", import.meta.url);

/** Variables that are no options, and what each is for. */
export const OTHER_VARIABLES: readonly [heading: string, variables: readonly (readonly [string, string])[]][] = [
  ["Keys (safer ways: docs/keys.md)", [["PRIVATE_KEY", "private key of the account that signs, 64 hex digits"]]],
  [
    "Networks: the URL of a JSON-RPC node of each, and the private key that deploys and mints there",
    NETWORKS.flatMap((network: Network) => [
      [`${network.prefix}_RPC_URL`, describeNode(network)] as const,
      ...(network.rpcUrl === undefined ? [[`${network.prefix}_PRIVATE_KEY`, ""] as const] : []),
    ]),
  ],
  [
    "Hardhat",
    [
      ["VERB", "what scripts/run.ts does: a verb of the command line"],
      ["IGNITION_PATH", "folder of Ignition's modules and journals; else ignition"],
      ["ETHERSCAN_API_KEY", "verifies sources on the explorers"],
    ],
  ],
  ["Looking for faults", [["DEBUG", "1 shows stack traces"]]],
];

/** Writes `.env.example`: what people set once for all first, with an example, then every other variable. */
export function writeEnvironmentExample(): string {
  const everyday = Object.values<OptionDeclaration<unknown>>(OPTIONS).filter(({ example }) => example !== undefined);
  const rest = OPTION_TABLES.map(({ heading, options }) => ({
    heading,
    options: Object.values(options).filter(({ example }) => example === undefined),
  }));
  return [
    "# Copy this file to .env and take the # away from what you need. The command line and Hardhat read it from the folder in",
    "# which they are started; a variable that is set in the environment wins. npm run make:env writes this file.",
    "",
    "# ── Everyday",
    ...everyday.flatMap(({ environment, description, example }) => comment(environment, description, example)),
    ...OTHER_VARIABLES.flatMap(([heading, variables]) => [
      "",
      `# ── ${heading}`,
      ...variables.flatMap(([name, description]) => comment(name, description)),
    ]),
    ...rest.flatMap(({ heading, options }) => [
      "",
      `# ── ${heading}`,
      ...options.flatMap(({ environment, description }) => comment(environment, description)),
    ]),
    "",
  ].join("\n");
}

function comment(name: string, description: string, example = ""): string[] {
  return [...(description === "" ? [] : [`# ${description}`]), `# ${name}=${example}`];
}

function describeNode({ title, rpcUrl, faucet }: Network): string {
  if (rpcUrl !== undefined) return `${title}; else ${rpcUrl}`;
  return faucet === undefined ? title : `${title}; coins for tests: ${faucet}`;
}
