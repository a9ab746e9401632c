// Deploys a registry through Ignition, with the parameters of ignition/parameters; VERIFY_SOURCE=1 verifies its source too.
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import hre from "hardhat";
import { ZeroAddress } from "ethers";
import ModelProvenanceModule from "../ignition/modules/ModelProvenanceNFT.ts";
import { findDeployedAddress } from "../src/chain/deployments.ts";
import { type ChainConnection, isLocalChain } from "../src/cli/chain-connection.ts";
import { EXIT } from "../src/cli/exit-codes.ts";
import { readEnvironment } from "../src/cli/options.ts";
import { confirm, processTerminal } from "../src/cli/terminal.ts";
import { ProvenanceError } from "../src/errors.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

const terminal = processTerminal();

await runScript(async () => {
  const options = readEnvironment(["yes", "deployParameters", "verifySource"], process.env);
  const { network, connection } = await connectHardhat("send");
  const parameters = await chooseParameters(connection, options.deployParameters);
  if (isLocalChain(connection.chainId)) await forgetStaleDeployment(connection);
  else if (!options.yes) await confirm(terminal, `Deploy to ${connection.networkName} with ${parameters}?`);

  const { registry } = await network.ignition.deploy(ModelProvenanceModule, { parameters });
  terminal.note(`ModelProvenanceNFT on ${connection.networkName} (chain ${connection.chainId}):`);
  terminal.print(await registry.getAddress());
  if (options.verifySource) {
    await hre.tasks.getTask(["ignition", "verify"]).run({ deploymentId: `chain-${connection.chainId}` });
  }
  return EXIT.done;
});

/** The network's own file, else the one for public chains; on those an admin must be named. */
async function chooseParameters({ networkName, chainId }: ChainConnection, given: string | undefined): Promise<string> {
  const folder = join(hre.config.paths.ignition, "parameters");
  const own = join(folder, `${networkName}.json`);
  const fallback = join(folder, isLocalChain(chainId) ? "localhost.json" : "public.json");
  const path = given ?? (existsSync(own) ? own : fallback);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `The parameters ${path} cannot be read (${cause.code}).`, { cause });
  });
  const { admin } = (JSON.parse(text) as { ModelProvenanceNFT?: { admin?: string } }).ModelProvenanceNFT ?? {};
  if (!isLocalChain(chainId) && (admin === undefined || admin === ZeroAddress)) {
    throw new ProvenanceError(
      "OPTION_MISSING",
      `${path} names no admin. Copy it to ignition/parameters/${networkName}.json and name the accounts that will administer and mint.`,
    );
  }
  return path;
}

/** A restarted local node has lost its contracts; Ignition would still believe its journal. */
async function forgetStaleDeployment({ provider, chainId, deploymentsFolder }: ChainConnection): Promise<void> {
  const address = await findDeployedAddress(deploymentsFolder, chainId).catch(() => undefined);
  if (address === undefined || (await provider.getCode(address)) !== "0x") return;
  terminal.note("The local node was restarted: its last deployment is forgotten.");
  await rm(join(deploymentsFolder, `chain-${chainId}`), { recursive: true });
}
