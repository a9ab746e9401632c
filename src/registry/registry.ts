import { Contract, type Provider, type Signer, getAddress, isAddress } from "ethers";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { IModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/IModelProvenanceNFT__factory.ts";
import type { ModelProvenanceNFT } from "../../typechain-types/contracts/registry/ModelProvenanceNFT.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { toChainError } from "./chain-error.ts";
import type { IndexerClient } from "./indexer/indexer-client.ts";
import { lenientInterface } from "./lenient-interface.ts";
import { assertOtherContract, readCode } from "./other-contract.ts";

/** The ABI of the registry, for those who call it with another library. */
export const MODEL_PROVENANCE_ABI = ModelProvenanceNFT__factory.abi;

/** What a verifier knows of a registry beforehand. */
export interface RegistryKnowledge {
  /** Where its address was found, where a verdict must say it: "ignition/deployments of the working folder". */
  readonly source?: string;
  /** What people call it or its chain. */
  readonly name?: string;
  /** The block of its deployment: no event is older. */
  readonly startBlock?: number;
  /** Where to look first. What it says is never believed, and what it leaves out is looked for all the same. */
  readonly indexer?: IndexerClient;
  /** Keccak-256 of its code, where that is not the code of this version and is trusted all the same. */
  readonly codeHash?: Hex;
  /** Address of the market of licences that is used with it. */
  readonly market?: string;
}

/** A ModelProvenanceNFT contract on a chain. */
export interface Registry extends RegistryKnowledge {
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
 * @throws {ProvenanceError} `OPTION_INVALID` if it is no address, `REGISTRY_NOT_FOUND` if there is no code, or
 *   that of another contract, `CHAIN_UNREACHABLE`
 */
export async function openRegistry(
  provider: Provider,
  address: string,
  signer?: Signer,
  knowledge: RegistryKnowledge = {},
): Promise<Registry> {
  if (!isAddress(address)) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `${String(address)} is no address. MODEL_PROVENANCE_ADDRESS takes 0x and 40 hex digits.`,
    );
  }
  const checksummed = getAddress(address);
  const contract = new Contract(checksummed, INTERFACE, signer ?? provider) as unknown as ModelProvenanceNFT;
  const { chainId } = await provider.getNetwork().catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  if ((await readCode(provider, checksummed, contract.interface)) === "0x") {
    throw new ProvenanceError(
      "REGISTRY_NOT_FOUND",
      `There is no contract at ${checksummed} on chain ${chainId}. If this is a local node, it was probably restarted: ` +
        "run npx hardhat run scripts/deploy.ts with the same --network. Otherwise check MODEL_PROVENANCE_ADDRESS.",
    );
  }
  if (!(await isModelProvenance(provider, checksummed, contract))) {
    throw new ProvenanceError(
      "REGISTRY_NOT_FOUND",
      `The contract at ${checksummed} on chain ${chainId} is no ModelProvenanceNFT of this version. Check MODEL_PROVENANCE_ADDRESS.`,
    );
  }
  return { ...knowledge, address: checksummed, chainId, provider, contract };
}

/** Names a registry as CAIP-10 does. */
export function toCaip10({ chainId, address }: Pick<Registry, "chainId" | "address">): string {
  return `eip155:${chainId}:${address}`;
}

const INTERFACE = lenientInterface(ModelProvenanceNFT__factory.abi);

/** ERC-165: the exclusive or of the selectors of all functions of the interface. */
const INTERFACE_ID = (() => {
  let id = 0n;
  IModelProvenanceNFT__factory.createInterface().forEachFunction(({ selector }) => (id ^= BigInt(selector)));
  return `0x${id.toString(16).padStart(8, "0")}`;
})();

async function isModelProvenance(provider: Provider, address: string, contract: ModelProvenanceNFT): Promise<boolean> {
  try {
    return await contract.supportsInterface(INTERFACE_ID);
  } catch (error) {
    // A contract that does not know the question reverts or answers nonsense; a node that does not answer is another thing.
    const asked = { provider, address, contractInterface: contract.interface, name: "getModelData" };
    await assertOtherContract(error, asked);
    return false;
  }
}
