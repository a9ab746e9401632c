// Deploys a registry through Ignition, with the parameters of ignition/parameters; DEPLOY_RENDERER=1, DEPLOY_MARKET=1 and
// DEPLOY_SPLITTER_FACTORY=1 what stands beside it, VERIFY_SOURCE=1 verifies the sources. Run again, it goes on where it stopped.
import hre from "hardhat";
import LicenseMarketModule from "../ignition/modules/LicenseMarket.ts";
import ModelProvenanceModule from "../ignition/modules/ModelProvenanceNFT.ts";
import ModelRendererModule from "../ignition/modules/ModelRenderer.ts";
import RoyaltySplitterFactoryModule from "../ignition/modules/RoyaltySplitterFactory.ts";
import { findDeployed } from "../src/registry/deployments.ts";
import { openRegistry } from "../src/registry/registry.ts";
import { isLocalChain } from "../src/cli/chain-connection.ts";
import { EXIT } from "../src/cli/exit-codes.ts";
import { readVariables } from "../src/cli/arguments.ts";
import { assertWithin } from "../src/cli/plan.ts";
import { readSettings } from "../src/cli/settings.ts";
import { confirm, processTerminal } from "../src/cli/terminal.ts";
import { ProvenanceError } from "../src/base/errors.ts";
import { deploymentFolder, settleLocalDeployment } from "./support/deploy/local-deployment.ts";
import { findLostTransactions } from "./support/deploy/lost-transactions.ts";
import { chooseParameters } from "./support/deploy/parameters.ts";
import { planDeployment, showPlan } from "./support/deploy/plan.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

await runScript(async () => {
  const terminal = processTerminal();
  const settings = await readSettings(process.env, process.cwd());
  const options = readVariables(
    [
      "yes",
      "dryRun",
      "maxCost",
      "deployParameters",
      "deployRenderer",
      "deploySplitterFactory",
      "deployMarket",
      "verifySource",
    ],
    settings,
  );
  const { network, connection } = await connectHardhat("send");
  const { networkName, chainId, provider } = connection;
  const parameters = await chooseParameters(connection, options.deployParameters);
  const deploymentId = `chain-${chainId}`;
  const isKept = network.networkConfig.type === "http"; // Nothing is written down of a chain that ends with the process.
  if (isKept && isLocalChain(chainId) && (await settleLocalDeployment(hre, network.provider, deploymentId))) {
    terminal.note("The local node was restarted: its last deployment is forgotten.");
  }
  if (isKept) await findLostTransactions(deploymentFolder(hre, deploymentId), network.provider);

  const wanted = [
    "ModelProvenanceNFT",
    ...(options.deployRenderer ? ["ModelRenderer"] : []),
    ...(options.deploySplitterFactory ? ["RoyaltySplitterFactory"] : []),
    ...(options.deployMarket ? ["LicenseMarket"] : []),
  ];
  const before = new Map<string, string>();
  for (const name of isKept ? wanted : []) {
    const address = await findDeployed(connection.deploymentsFolder, chainId, `${name}#${name}`);
    if (address !== undefined) before.set(name, address);
  }
  const missing = wanted.filter((name) => !before.has(name));
  if (missing.length > 0 && (options.dryRun || options.maxCost !== undefined || !isLocalChain(chainId))) {
    const plan = await planDeployment(connection, missing, parameters.registry);
    terminal.note(showPlan(plan));
    assertWithin(plan.worstCost, options, "The deployment", chainId);
    if (!options.dryRun && !options.yes) await confirm(terminal, `Deploy with ${parameters.path}?`);
  }
  if (options.dryRun) return EXIT.done;

  const say = (name: string, address: string) =>
    terminal.note(`${name}: ${before.get(name) === address ? "there already" : "deployed"}, ${address}`);
  terminal.note(`On ${networkName} (chain ${chainId}):`);
  const deploy = async <T>(send: () => Promise<T>): Promise<T> => send().catch(explainFailure);
  const { registry } = await deploy(async () =>
    network.ignition.deploy(ModelProvenanceModule, { parameters: parameters.path }),
  );
  const address = await registry.getAddress();
  await openRegistry(provider, address);
  say("ModelProvenanceNFT", address);
  if (options.deployRenderer) {
    const given = { ModelRenderer: { registry: address } };
    const { renderer } = await deploy(async () => network.ignition.deploy(ModelRendererModule, { parameters: given }));
    say("ModelRenderer", await renderer.getAddress());
    terminal.note(`  the registry's admin lets it draw: model-provenance renderer set ${await renderer.getAddress()}`);
  }
  if (options.deploySplitterFactory) {
    const { factory } = await deploy(async () => network.ignition.deploy(RoyaltySplitterFactoryModule));
    say("RoyaltySplitterFactory", await factory.getAddress());
  }
  if (options.deployMarket) {
    const { market } = await deploy(async () => network.ignition.deploy(LicenseMarketModule));
    say("LicenseMarket", await market.getAddress());
  }
  terminal.print(address);
  if (options.verifySource) await hre.tasks.getTask(["ignition", "verify"]).run({ deploymentId });
  return EXIT.done;
});

function explainFailure(cause: Error): never {
  const reason = cause.message.replaceAll(/\s+/g, " ").trim();
  const text = `The deployment did not succeed: ${reason} Run again: Ignition goes on where it stopped.`;
  throw new ProvenanceError("TRANSACTION_REFUSED", text, { cause });
}
