import { join } from "node:path";
import { type Provider, type Signer, Wallet } from "ethers";
import hre from "hardhat";
import type { NetworkConfig, ResolvedConfigurationVariable } from "hardhat/types/config";
import type { ChainConnection } from "../../src/cli/chain-connection.ts";
import { ProvenanceError } from "../../src/base/errors.ts";

const PRIVATE_KEY = /^(0x)?[0-9a-f]{64}$/i;

/** A connection of Hardhat's, with the toolbox on it. */
export type HardhatNetwork = Awaited<ReturnType<typeof hre.network.create>>;

/**
 * Connects to the network that `--network` names.
 *
 * Reading must not need a private key, so it asks for the node's own accounts; sending looks at
 * the key first, for Hardhat would answer a bad one with a stack trace.
 */
export async function connectHardhat(purpose: "read" | "send") {
  const networkName = hre.globalOptions.network ?? "default";
  const config = hre.config.networks[networkName];
  if (config === undefined) {
    const known = Object.keys(hre.config.networks).join(", ");
    throw new ProvenanceError("OPTION_INVALID", `There is no network ${networkName}. --network takes one of ${known}.`);
  }
  if (config.type === "http") {
    await assertVariable(config.url, isUrl, "the URL of a JSON-RPC node, https://…");
    if (purpose === "send") await assertKeys(config);
  }
  const reading = purpose === "read" && config.type === "http";
  const network = await hre.network.create(
    reading ? { network: networkName, override: { accounts: "remote" } } : networkName,
  );
  const { ethers } = network;
  const connection: ChainConnection = {
    networkName,
    chainId: await readChainId(async () => network.provider.request({ method: "eth_chainId" }), config.chainId),
    provider: ethers.provider,
    deploymentsFolder: join(hre.config.paths.ignition, "deployments"),
    ...(purpose === "send" && {
      getSigner: async (address?: string): Promise<Signer> =>
        findSigner((await openWallets(config, ethers.provider)) ?? (await ethers.getSigners()), address),
    }),
  };
  return { network, connection };
}

/**
 * The accounts of a network that is configured with private keys, signing here: what is signed can then be kept, and be
 * broadcast again as it is. Undefined where a node or Hardhat signs.
 */
async function openWallets(config: NetworkConfig, provider: Provider): Promise<Wallet[] | undefined> {
  if (config.type !== "http" || !Array.isArray(config.accounts)) return undefined;
  const keys = await Promise.all(config.accounts.map(async (account) => (await account.get()).trim()));
  return keys.map((key) => new Wallet(key.startsWith("0x") ? key : `0x${key}`, provider));
}

function findSigner<S extends { address: string }>(signers: S[], address: string | undefined): S {
  const signer = address === undefined ? signers[0] : signers.find((candidate) => candidate.address === address);
  if (signer !== undefined) return signer;
  throw new ProvenanceError(
    "SIGNER_MISSING",
    `The network offers no account ${address ?? ""} to sign with. Check MINT_FROM and the network's accounts.`,
  );
}

async function assertKeys(config: NetworkConfig & { type: "http" }): Promise<void> {
  if (!Array.isArray(config.accounts)) return;
  for (const account of config.accounts)
    await assertVariable(account, (key) => PRIVATE_KEY.test(key), "a private key, 64 hex digits");
}

async function assertVariable(
  variable: ResolvedConfigurationVariable,
  isValid: (value: string) => boolean,
  takes: string,
) {
  const name = "name" in variable && typeof variable.name === "string" ? variable.name : undefined;
  const value = await variable.get().catch(() => undefined);
  if (value !== undefined && isValid(value.trim())) return;
  const fault = value === undefined || value.trim() === "" ? "is not set" : "does not hold what it should";
  throw new ProvenanceError(
    "OPTION_MISSING",
    `${name ?? "A value of the network"} ${fault}: it takes ${takes}. Put it into the environment or .env, or run npx hardhat keystore set ${name ?? "NAME"}.`,
  );
}

function isUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:/.test(value);
}

async function readChainId(read: () => Promise<unknown>, expected: number | undefined): Promise<bigint> {
  const chainId = await read().catch((cause: Error) => {
    const message = cause.message.split("\n")[0];
    const code = cause.message.includes("HHE708") ? "CHAIN_MISMATCH" : "CHAIN_UNREACHABLE";
    throw new ProvenanceError(code, `${message} Check the network's RPC URL.`, { cause });
  });
  const actual = BigInt(chainId as string);
  if (expected === undefined || actual === BigInt(expected)) return actual;
  throw new ProvenanceError(
    "CHAIN_MISMATCH",
    `The node is of chain ${actual}, the network of chain ${expected}. Check the network's RPC URL.`,
  );
}
