import type { Provider, Signer } from "ethers";
import { findDeployedAddress, findDeployedBlock } from "../registry/deployments.ts";
import { type Registry, openRegistry } from "../registry/registry.ts";
import { isDevelopmentChain } from "../registry/development-chain.ts";
import { ProvenanceError } from "../base/errors.ts";
import { ContractAccount } from "./contract-account.ts";
import type { OptionValues } from "./options.ts";

/** A chain that a command talks to, however the connection was made. */
export interface ChainConnection {
  readonly networkName: string;
  readonly chainId: bigint;
  readonly provider: Provider;
  /** Where Ignition keeps addresses. */
  readonly deploymentsFolder: string;
  /** The account that signs: the one named, else the network's first. Absent when only reading. */
  readonly getSigner?: (address?: string) => Promise<Signer>;
}

/** Tells whether a chain is a development chain, on which nothing is public or costs anything. */
export function isLocalChain(chainId: bigint): boolean {
  return isDevelopmentChain(chainId);
}

/** Names a network with the id of its chain, once. */
export function describeNetwork({ networkName, chainId }: Pick<ChainConnection, "networkName" | "chainId">): string {
  const chain = `chain ${chainId}`;
  return networkName === chain ? chain : `${networkName} (${chain})`;
}

/** Opens the registry for reading, or for sending when a signer is given. Errors as `openRegistry` and `findDeployedAddress`. */
export async function connectRegistry(
  connection: ChainConnection,
  options: OptionValues<"registryAddress">,
  signer?: Signer,
): Promise<Registry> {
  const { deploymentsFolder, chainId, provider, networkName: name } = connection;
  if (options.registryAddress !== undefined) return openRegistry(provider, options.registryAddress, signer, { name });
  const address = await findDeployedAddress(deploymentsFolder, chainId);
  const startBlock = await findDeployedBlock(deploymentsFolder, chainId);
  return openRegistry(provider, address, signer, { name, ...(startBlock !== undefined && { startBlock }) });
}

/**
 * The account that sends. Where the call is only to be written, for a Safe to execute, it is the contract account that is
 * named, for which an owner's key signs.
 *
 * @throws {ProvenanceError} `SIGNER_MISSING`; `OPTION_MISSING` for a call to be written that nobody is named for
 */
export async function connectSigner(
  connection: ChainConnection,
  {
    mintFrom,
    calldataOut,
    ownerSignatures,
    dryRun,
  }: OptionValues<"mintFrom" | "calldataOut"> & Partial<OptionValues<"ownerSignatures" | "dryRun">>,
): Promise<Signer> {
  const { getSigner, provider, networkName } = connection;
  const missing = new ProvenanceError("SIGNER_MISSING", `There is no account to sign with on ${networkName}.`);
  if (calldataOut !== undefined) {
    if (mintFrom === undefined) {
      const text =
        "CALLDATA_OUT writes a call for a contract account to execute: MINT_FROM (--from) names that account.";
      throw new ProvenanceError("OPTION_MISSING", text);
    }
    const owner = async () => (getSigner === undefined ? Promise.reject(missing) : getSigner());
    return new ContractAccount(mintFrom, provider, { owner, signaturesPath: ownerSignatures, dryRun });
  }
  if (getSigner === undefined) throw missing;
  return getSigner(mintFrom);
}
