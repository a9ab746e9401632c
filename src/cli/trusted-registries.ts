import { join } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { isPackaged } from "./deployments-folder.ts";
import { NETWORKS } from "../registry/networks.ts";
import { type OptionName, type Options, nameAsGiven, settingsOf, sourcesOf } from "./options.ts";
import { type ValueSource, type Variables, liesWithin } from "./settings.ts";

// Of two that are named in the same way neither wins.
const RANKS: Record<ValueSource, number> = { flag: 3, argument: 3, network: 2, variable: 2, ".env": 1 };
// What CI services set in their jobs (as of 2026-11). CI alone is no sign of one: people and tools set it to be asked nothing.
const CI_SERVICES = [
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "CIRCLECI",
  "BUILDKITE",
  "JENKINS_URL",
  "TF_BUILD",
  "TEAMCITY_VERSION",
  "TRAVIS",
  "CODEBUILD_BUILD_ID",
];
const GATE_FORMATS: readonly (string | undefined)[] = ["github", "junit", "vsa"];
// Which record, by whose word, under which rules: with one of these a stranger could choose the verdict.
const DECIDING = [
  "registryAddress",
  "registriesFile",
  "network",
  "chainId",
  "rpcUrl",
  "market",
  "tokenId",
  "policyFile",
  "allowedCreators",
  "lockFile",
  "packFile",
  "blockHash",
  "proofFile",
  "manifestRoot",
  "foreignContract",
  "foreignOrigin",
  "publisherStatements",
  "ensRpcUrl",
  "didOrigin",
  "only",
  "fast",
  "ignorePaths",
  "lfsPointers",
  "trustCache",
  "cachePath",
] as const satisfies readonly OptionName[];

/** How a verifier named the registries that it trusts. */
export type RegistryChoice = "contract" | "file" | "both" | "network" | "deployment";

/**
 * Chooses between what names registries: what is typed wins over variables, and these over `.env`. A contract and a
 * file that are named in the same way must agree, which whoever reads the file finds out.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a network and a file that are named in the same way
 */
export function chooseRegistries(options: Options): RegistryChoice {
  const sources = sourcesOf(options);
  const rank = (name: OptionName) => (options[name] === undefined ? 0 : RANKS[sources[name] ?? "variable"]);
  const [contract, file, network] = [rank("registryAddress"), rank("registriesFile"), rank("network")];
  if (file > 0 && file === network) {
    const names = (["network", "registriesFile"] as const).map((name) => nameAsGiven(name, sources[name]));
    throw new ProvenanceError("OPTION_INVALID", `${names.join(" and ")} both name registries. Give one of them.`);
  }
  if (file > Math.max(contract, network)) return "file";
  if (file > 0 && file === contract) return "both";
  if (contract > 0) return "contract";
  return network > 0 ? "network" : "deployment";
}

/** Tells whether others rely on the verdict: it then counts only what whoever set up the gate said. */
export function isGate({ policyFile, format }: Options, environment: Variables): boolean {
  const isService = CI_SERVICES.some((name) => !["", "0", "false"].includes(environment[name]?.trim() ?? ""));
  return policyFile !== undefined || GATE_FORMATS.includes(format) || isService;
}

/**
 * Refuses settings that decide a verdict where the model itself, or whoever has the working folder, could have made them.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export async function assertOwnSettings(options: Options, environment: Variables): Promise<void> {
  const sources = sourcesOf(options);
  const found = DECIDING.find((name) => options[name] !== undefined && sources[name] === ".env");
  if (found === undefined) return;
  await refuseFile(nameInFile(found, options), options, isGate(options, environment));
}

/**
 * The same for a variable that a registries file names.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export async function assertOwnVariable(variable: string, options: Options, gate: boolean): Promise<void> {
  const { variables, sourceOf } = settingsOf(options);
  if (!variables[variable]?.trim() || sourceOf(variable) !== ".env") return;
  await refuseFile(`${variable} in .env`, options, gate);
}

/** What a network's own variable says stands for RPC_URL. */
function nameInFile(name: OptionName, { network }: Options): string {
  const prefix = NETWORKS.find((known) => known.name === network)?.prefix;
  return name === "rpcUrl" && prefix !== undefined ? `${prefix}_RPC_URL in .env` : nameAsGiven(name, ".env");
}

async function refuseFile(name: string, options: Options, gate: boolean): Promise<void> {
  if (await isInModel(join(process.cwd(), ".env"), options)) {
    throw new ProvenanceError("OPTION_INVALID", `${name} lies in the model: a model does not decide about itself.`);
  }
  if (gate) {
    const text = `${name} of the working folder does not count for a gate (a policy, a format for machines, or a CI service).`;
    throw new ProvenanceError("OPTION_INVALID", `${text} Name it with a flag, or in the environment.`);
  }
}

/**
 * Says where the address that Ignition recorded comes from, where that must be said.
 *
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED` where it does not count: in the model, or in the working folder for a gate
 */
export async function sourceOfDeployment(folder: string, options: Options, gate: boolean): Promise<string | undefined> {
  const how = "Name the registry with --contract (MODEL_PROVENANCE_ADDRESS) or --registries (MODEL_REGISTRIES).";
  if (await isInModel(folder, options)) {
    const text = `${folder} lies in the model, which does not choose its own registry. ${how}`;
    throw new ProvenanceError("REGISTRY_NOT_CONFIGURED", text);
  }
  if (await isPackaged(folder)) return undefined;
  if (gate) {
    const text = `The registry of ${folder} in the working folder does not count for a gate. ${how}`;
    throw new ProvenanceError("REGISTRY_NOT_CONFIGURED", text);
  }
  return "ignition/deployments of the working folder";
}

/** Where the address that was named comes from, where that must be said. */
export function sourceOfAddress(options: Options): string | undefined {
  return sourcesOf(options).registryAddress === ".env" ? ".env of the working folder" : undefined;
}

async function isInModel(path: string, { modelPath, tokenId }: Options): Promise<boolean> {
  const models = [modelPath, tokenId].flatMap((model) => model ?? []);
  return (await Promise.all(models.map(async (model) => liesWithin(path, model)))).includes(true);
}
