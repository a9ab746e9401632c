// Deploys a registry through Ignition, with the parameters of ignition/parameters; VERIFY_SOURCE=1 verifies its source too.
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import hre from "hardhat";
import { ZeroAddress } from "ethers";
import ModelProvenanceModule from "../ignition/modules/ModelProvenanceNFT.ts";
import { findDeployedAddress } from "../src/registry/deployments.ts";
import { openRegistry } from "../src/registry/registry.ts";
import { type ChainConnection, isLocalChain } from "../src/cli/chain-connection.ts";
import { EXIT } from "../src/cli/exit-codes.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { confirm, processTerminal } from "../src/cli/terminal.ts";
import { ProvenanceError } from "../src/base/errors.ts";
import { type HardhatNetwork, connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

const terminal = processTerminal();

await runScript(async () => {
  const options = readEnvironment(["yes", "deployParameters", "verifySource"], process.env);
  const { network, connection } = await connectHardhat("send");
  const parameters = await chooseParameters(connection, options.deployParameters);
  if (isLocalChain(connection.chainId)) {
    if (network.networkConfig.type === "http") await forgetStaleDeployment(connection);
  } else if (!options.yes) {
    await confirm(terminal, `Deploy to ${connection.networkName} with ${parameters}?`);
  }
  const address = await deploy(network, parameters);
  await openRegistry(connection.provider, address);
  terminal.note(`ModelProvenanceNFT on ${connection.networkName} (chain ${connection.chainId}):`);
  terminal.print(address);
  if (options.verifySource) {
    await hre.tasks.getTask(["ignition", "verify"]).run({ deploymentId: `chain-${connection.chainId}` });
  }
  return EXIT.done;
});

async function deploy(network: HardhatNetwork, parameters: string): Promise<string> {
  try {
    const { registry } = await network.ignition.deploy(ModelProvenanceModule, { parameters });
    return await registry.getAddress();
  } catch (cause) {
    const reason = (cause as Error).message.replaceAll(/\s+/g, " ").trim();
    throw new ProvenanceError(
      "TRANSACTION_REFUSED",
      `The deployment did not succeed: ${reason} Run again: Ignition goes on where it stopped.`,
      { cause },
    );
  }
}

/** The file that was named, else the network's own, else the one for public chains; on those an admin must be named. */
async function chooseParameters({ networkName, chainId }: ChainConnection, given: string | undefined): Promise<string> {
  const folder = join(hre.config.paths.root, "ignition/parameters");
  const own = join(folder, `${networkName}.json`);
  const fallback = join(folder, isLocalChain(chainId) ? "localhost.json" : "public.json");
  const path = given ?? (existsSync(own) ? own : fallback);
  const { admin } = (await readParameters(path)).ModelProvenanceNFT ?? {};
  if (!isLocalChain(chainId) && (admin === undefined || admin === ZeroAddress)) {
    throw new ProvenanceError(
      "OPTION_MISSING",
      `${path} names no admin. Copy it to ignition/parameters/${networkName}.json and name the accounts that will administer and mint.`,
    );
  }
  return path;
}

async function readParameters(path: string): Promise<{ ModelProvenanceNFT?: { admin?: string } }> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as { ModelProvenanceNFT?: { admin?: string } };
  } catch (cause) {
    const text = `The parameters ${path} cannot be read as JSON (${(cause as Error).message}).`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  }
}

/** A restarted local node has lost its contracts, or has others in their place; Ignition would still believe its journal. */
async function forgetStaleDeployment({ provider, chainId, deploymentsFolder }: ChainConnection): Promise<void> {
  const journal = join(deploymentsFolder, `chain-${chainId}`);
  if (!existsSync(journal)) return;
  const alive = await findDeployedAddress(deploymentsFolder, chainId)
    .then(async (address) => openRegistry(provider, address))
    .catch((error: ProvenanceError) => {
      if (error.code === "REGISTRY_NOT_FOUND" || error.code === "REGISTRY_NOT_CONFIGURED") return undefined;
      throw error;
    });
  if (alive !== undefined) return;
  terminal.note("The local node was restarted: its last deployment is forgotten.");
  await rm(journal, { recursive: true });
}
