import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { findLostTransactions } from "./lost-transactions.ts";
import { deploymentFolder, settleLocalDeployment } from "./local-deployment.ts";

/** What Ignition's `deploy` is told, as far as it is read here. */
interface DeployArguments {
  readonly deploymentId?: string;
}

/** `hardhat ignition deploy`, which would take a deployment of scripts/deploy.ts for one of another node, and remove it. */
const ignitionDeploy: TaskOverrideActionFunction<DeployArguments> = async (given, hre, runSuper) => {
  const { provider, networkConfig } = await hre.network.create();
  if (networkConfig.type === "http") {
    const chainId = Number(await provider.request({ method: "eth_chainId" }));
    const deploymentId = given.deploymentId || `chain-${chainId}`;
    if (chainId === LOCAL) await settleLocalDeployment(hre, provider, deploymentId);
    await findLostTransactions(deploymentFolder(hre, deploymentId), provider);
  }
  return (await runSuper(given)) as unknown;
};

const LOCAL = 31337;

export default ignitionDeploy;
