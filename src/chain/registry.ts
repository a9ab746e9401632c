import { type Provider, type Signer, getAddress, isAddress } from "ethers";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/ModelProvenanceNFT__factory.ts";
import type { ModelProvenanceNFT } from "../../typechain-types/ModelProvenanceNFT.ts";
import { ProvenanceError } from "../errors.ts";

/** A ModelProvenanceNFT contract on a chain. */
export interface Registry {
  /** With EIP-55 checksum. */
  readonly address: string;
  readonly chainId: bigint;
  readonly provider: Provider;
  readonly contract: ModelProvenanceNFT;
}

/**
 * Opens the registry at an address.
 *
 * @param signer - who sends transactions; reading needs none
 * @throws {ProvenanceError} `OPTION_INVALID` if it is no address, `REGISTRY_NOT_FOUND` if there is no code
 */
export async function openRegistry(provider: Provider, address: string, signer?: Signer): Promise<Registry> {
  if (!isAddress(address)) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `${String(address)} is no address. MODEL_PROVENANCE_ADDRESS takes 0x and 40 hex digits.`,
    );
  }
  const checksummed = getAddress(address);
  const { chainId } = await provider.getNetwork();
  if ((await provider.getCode(checksummed)) === "0x") {
    throw new ProvenanceError(
      "REGISTRY_NOT_FOUND",
      `There is no contract at ${checksummed} on chain ${chainId}. If this is a local node, it was probably restarted: ` +
        "run npx hardhat run scripts/deploy.ts with the same --network. Otherwise check MODEL_PROVENANCE_ADDRESS.",
    );
  }
  const contract = ModelProvenanceNFT__factory.connect(checksummed, signer ?? provider);
  return { address: checksummed, chainId, provider, contract };
}
