import { type Provider, ZeroAddress } from "ethers";
import hre from "hardhat";
import { ProvenanceError } from "../../../src/base/errors.ts";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { type CostPlan, planRows } from "../../../src/cli/plan.ts";
import { table } from "../../../src/cli/terminal.ts";
import { askDataFee, askOperatorFee } from "../../../src/publish/sending/data-fee.ts";
import type { RegistryParameters } from "./parameters.ts";

// EIP-2028 and EIP-3860: what a creation costs before it runs; EIP-170 and the yellow paper: what a byte of code costs.
const CREATION_GAS = 53_000n;
const ZERO_BYTE_GAS = 4n;
const BYTE_GAS = 16n;
const INIT_WORD_GAS = 2n;
const CODE_BYTE_GAS = 200n;
/** What a constructor may do beside: roles, names, a default royalty, each a new slot of 22 100 gas. */
const CONSTRUCTOR_GAS = 20n * 22_100n;

/** What a deployment will do, for who is asked. */
export interface DeploymentPlan extends CostPlan {
  readonly rows: readonly (readonly string[])[];
}

/**
 * Says who deploys what, at what cost at most, and who will have which right.
 *
 * @param contracts - names of those that are to be deployed
 * @throws {ProvenanceError} `SIGNER_MISSING`
 */
export async function planDeployment(
  connection: ChainConnection,
  contracts: readonly string[],
  { admin, minter, curator }: RegistryParameters,
): Promise<DeploymentPlan> {
  const { provider, getSigner, networkName } = connection;
  const signer = await getSigner?.();
  if (signer === undefined)
    throw new ProvenanceError("SIGNER_MISSING", `${networkName} offers no account to deploy with.`);
  const cost = await estimateCost(provider, await signer.getAddress(), contracts);
  const named = (account: string | undefined) =>
    account === undefined || account === ZeroAddress ? "nobody yet" : account;
  const rights = [
    ["admin", named(admin)],
    ["minter", named(minter)],
    ["curator", named(curator)],
  ];
  const rows = planRows(cost, contracts.join(", "), connection);
  return { ...cost, rows: contracts.includes("ModelProvenanceNFT") ? [...rows, ...rights] : rows };
}

async function estimateCost(provider: Provider, from: string, contracts: readonly string[]): Promise<CostPlan> {
  const { maxFeePerGas: most, gasPrice } = await provider.getFeeData();
  const maxFeePerGas = most ?? gasPrice ?? 0n;
  const all = (await Promise.all(contracts.map(withLibraries))).flat();
  const gas = all.reduce((sum, creation) => sum + creation.gas, 0n);
  let [dataFee, operatorFee] = [0n, 0n];
  for (const { gas: gasLimit, code } of all) {
    dataFee += await askDataFee(provider, { to: from, data: code, gasLimit, gasPrice: maxFeePerGas });
    operatorFee += await askOperatorFee(provider, gasLimit);
  }
  return {
    from,
    gas,
    maxFeePerGas,
    dataFee,
    ...(operatorFee > 0n && { operatorFee }),
    worstCost: gas * maxFeePerGas + dataFee + operatorFee,
    balance: await provider.getBalance(from),
  };
}

/** What creates a contract, and an upper bound of its gas; a node would have to know the addresses of libraries to say it. */
interface Creation {
  readonly code: string;
  readonly gas: bigint;
}

/** A contract and the libraries that it is linked with. */
async function withLibraries(name: string): Promise<Creation[]> {
  const { bytecode, deployedBytecode, linkReferences } = await hre.artifacts.readArtifact(name);
  const code = bytecode.replaceAll(/__\$[0-9a-f]{34}\$__/g, "f".repeat(40));
  const bytes = code.slice(2).match(/../g) ?? [];
  const data = bytes.reduce((sum, byte) => sum + (byte === "00" ? ZERO_BYTE_GAS : BYTE_GAS), 0n);
  const words = BigInt(Math.ceil(bytes.length / 32)) * INIT_WORD_GAS;
  const kept = BigInt(deployedBytecode.length / 2) * CODE_BYTE_GAS;
  const libraries = Object.values(linkReferences).flatMap((references) => Object.keys(references));
  const linked = (await Promise.all(libraries.map(withLibraries))).flat();
  return [{ code, gas: CREATION_GAS + data + words + kept + CONSTRUCTOR_GAS }, ...linked];
}

/** A plan as it is shown. */
export function showPlan({ rows }: DeploymentPlan): string {
  return table(rows);
}
