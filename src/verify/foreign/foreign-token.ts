import { Contract, type Provider, getAddress, isAddress } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { readNodeError } from "../../base/node/node-error.ts";
import { toChainError } from "../../registry/chain-error.ts";
import { lenientInterface } from "../../registry/lenient-interface.ts";
import { readCode } from "../../registry/other-contract.ts";

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

const ABI = lenientInterface([
  "function tokenURI(uint256) view returns (string)",
  "function uri(uint256) view returns (string)",
  "function ownerOf(uint256) view returns (address)",
]);

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
  const { chainId } = await provider.getNetwork().catch((error: unknown) => {
    throw toChainError(error, ABI);
  });
  const code = await readCode(provider, contract, ABI);
  if (code === "0x") {
    throw new ProvenanceError("REGISTRY_NOT_FOUND", `There is no contract at ${contract} on chain ${chainId}.`);
  }
  const token = new Contract(contract, ABI, provider);
  const uris = [await ask(token, "tokenURI", tokenId)];
  if (uris[0]?.text === undefined) uris.push(await ask(token, "uri", tokenId));
  const uri = uris.at(-1)?.text;
  if (uri === undefined && uris.some(({ refused }) => refused === false)) {
    const text = `The contract ${contract} answers nothing that could be a URI, and does not say that there is no token ${tokenId}: the node may be behind. Try again, or another RPC URL.`;
    throw new ProvenanceError("CHAIN_UNREACHABLE", text);
  }
  if (uri === undefined || uri === "") return undefined;
  const { text: owner } = await ask(token, "ownerOf", tokenId);
  // ERC-1155 lets the token's id stand for itself.
  const filled = uri.replaceAll("{id}", toHex32(tokenId).slice(2));
  return { contract, chainId, tokenId, uri: filled, ...(owner !== undefined && { owner }) };
}

/** What a function answers; without a text where it is refused, or answered with bytes that are none. */
async function ask(token: Contract, name: string, tokenId: bigint): Promise<{ text?: string; refused?: boolean }> {
  try {
    return { text: (await token.getFunction(name)(tokenId)) as string };
  } catch (error) {
    const { kind } = readNodeError(error);
    if (kind !== "reverted" && kind !== "undecodable") throw toChainError(error, ABI);
    return { refused: kind === "reverted" };
  }
}
