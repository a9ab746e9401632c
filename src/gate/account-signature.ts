import { Contract, type Provider, hashMessage, recoverAddress } from "ethers";
import { readNodeError } from "../base/node/node-error.ts";

const ERC1271_MAGIC = "0x1626ba7e";
const MAX_SIGNATURE_BYTES = 8192;

/**
 * Tells whether a text was signed by an account as EIP-191 says: by its key, or, where a contract stands at the address, by
 * what that contract says (ERC-1271).
 *
 * @param signature - 0x-hex
 * @throws whatever the node throws that does not answer
 */
export async function isTextSignedBy(
  text: string,
  signature: string,
  account: string,
  provider: Provider,
): Promise<boolean> {
  if (!/^0x(?:[0-9a-fA-F]{2})+$/.test(signature) || signature.length > 2 + 2 * MAX_SIGNATURE_BYTES) return false;
  const digest = hashMessage(text);
  if (recover(digest, signature) === account) return true;
  if ((await provider.getCode(account)) === "0x") return false;
  const wallet = new Contract(account, ["function isValidSignature(bytes32,bytes) view returns (bytes4)"], provider);
  try {
    return (await wallet.getFunction("isValidSignature")(digest, signature)) === ERC1271_MAGIC;
  } catch (error) {
    const { kind } = readNodeError(error);
    if (kind === "reverted" || kind === "undecodable") return false;
    throw error;
  }
}

// 65 bytes, the last one the parity: 27 or 28, or 0 or 1 as some wallets write it.
const ACCOUNT_SIGNATURE = /^0x[0-9a-fA-F]{128}(?:00|01|1b|1c)$/i;

function recover(digest: string, signature: string): string | undefined {
  if (!ACCOUNT_SIGNATURE.test(signature)) return undefined;
  try {
    return recoverAddress(digest, signature);
  } catch {
    return undefined;
  }
}
