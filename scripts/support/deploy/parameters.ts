import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ZeroAddress } from "ethers";
import hre from "hardhat";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { type ChainConnection, isLocalChain } from "../../../src/cli/chain-connection.ts";

/** Parameters of the registry's module, as far as they are shown before a deployment. */
export interface RegistryParameters {
  readonly admin?: string;
  readonly minter?: string;
  readonly curator?: string;
}

/**
 * The file that was named, else the network's own, else the one for public chains; on those an admin must be named.
 *
 * @throws {ProvenanceError} `OPTION_MISSING`, `OPTION_INVALID`
 */
export async function chooseParameters(
  { networkName, chainId }: ChainConnection,
  given: string | undefined,
): Promise<{ path: string; registry: RegistryParameters }> {
  const folder = join(hre.config.paths.root, "ignition/parameters");
  const own = join(folder, `${networkName}.json`);
  const fallback = join(folder, isLocalChain(chainId) ? "localhost.json" : "public.json");
  const path = given ?? (existsSync(own) ? own : fallback);
  const { ModelProvenanceNFT: registry = {} } = await readParameters(path);
  const isMissing = registry.admin === undefined || registry.admin === ZeroAddress;
  if (isLocalChain(chainId) || !isMissing) return { path, registry };

  const where = path === fallback ? `Copy it to ignition/parameters/${networkName}.json, and fill in there` : "Fill in";
  throw new ProvenanceError(
    "OPTION_MISSING",
    `${path} names no admin. ${where} "ModelProvenanceNFT": { "admin": "0x…" }, the account that will administer the registry, and ` +
      '"minter", the first that may mint.',
  );
}

async function readParameters(path: string): Promise<{ ModelProvenanceNFT?: RegistryParameters }> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as { ModelProvenanceNFT?: RegistryParameters };
  } catch (cause) {
    const text = `The parameters ${path} cannot be read as JSON (${(cause as Error).message}).`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  }
}
