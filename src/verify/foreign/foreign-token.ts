import { Contract, type Provider, getAddress, isAddress } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";

/** A token of somebody else's contract. */
export interface ForeignToken {
  /** With EIP-55 checksum. */
  readonly contract: string;
  readonly chainId: bigint;
  readonly tokenId: bigint;
  /** Undefined for a contract that does not say, as ERC-1155 ones. */
  readonly owner?: string;
  readonly uri: string;
}

const ABI = [
  "function tokenURI(uint256) view returns (string)",
  "function uri(uint256) view returns (string)",
  "function ownerOf(uint256) view returns (address)",
];

/**
 * Reads a token of any ERC-721 or ERC-1155 contract.
 *
 * @returns undefined where the contract has no such token, or none with a URI
 * @throws {ProvenanceError} `OPTION_INVALID`, `REGISTRY_NOT_FOUND` where there is no contract, `CHAIN_UNREACHABLE`
 */
export async function readForeignToken(
  provider: Provider,
  address: string,
  tokenId: bigint,
): Promise<ForeignToken | undefined> {
  if (!isAddress(address)) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `${JSON.stringify(address)} is no address. FOREIGN_CONTRACT takes one.`,
    );
  }
  const contract = getAddress(address);
  const { chainId } = await provider.getNetwork();
  const code = await provider.getCode(contract).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (code === "0x") {
    throw new ProvenanceError("REGISTRY_NOT_FOUND", `There is no contract at ${contract} on chain ${chainId}.`);
  }
  const token = new Contract(contract, ABI, provider);
  const uri = (await ask(token, "tokenURI", tokenId)) ?? (await ask(token, "uri", tokenId));
  if (uri === undefined || uri === "") return undefined;
  const owner = await ask(token, "ownerOf", tokenId);
  // ERC-1155 lets the token's id stand for itself.
  const filled = uri.replaceAll("{id}", toHex32(tokenId).slice(2));
  return { contract, chainId, tokenId, uri: filled, ...(owner !== undefined && { owner }) };
}

/** What a function answers; undefined where it is not there or refuses. */
async function ask(token: Contract, name: string, tokenId: bigint): Promise<string | undefined> {
  try {
    return (await token.getFunction(name)(tokenId)) as string;
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (
      code === "CALL_EXCEPTION" ||
      code === "BAD_DATA" ||
      /revert|function selector|could not decode/i.test(String(message))
    ) {
      return undefined;
    }
    throw unreachable(error);
  }
}

function unreachable(cause: unknown): ProvenanceError {
  return new ProvenanceError("CHAIN_UNREACHABLE", "The node did not say what the token's URI is. Try again.", {
    cause,
  });
}
