import { TypedDataEncoder, encodeBytes32String, getCreateAddress, id, keccak256, toBeHex, zeroPadValue } from "ethers";
// What the compiler made; the build copies it beside the compiled sources.
import artifact from "../../artifacts/contracts/registry/ModelProvenanceNFT.sol/ModelProvenanceNFT.json" with { type: "json" };
import { compareBytes, fromHex, toDigits } from "../base/bytes.ts";
import type { Hex } from "../base/hex.ts";
import { readCode } from "./other-contract.ts";
import type { Registry } from "./registry.ts";

/** How the code at an address compares with ours. */
export interface CodeComparison {
  /** `same`: byte for byte; `same-code`: all but the digest of the source's comments and names; `other`: any other. */
  readonly result: "same" | "same-code" | "other";
  /** Keccak-256 of the code at the address, as EXTCODEHASH gives it. */
  readonly codeHash: Hex;
}

// The contract's EIP-712 domain: all of its immutables but the address of what writes its documents.
const NAME = "ModelProvenanceNFT";
const VERSION = "1";
const WORD = 32;

const built = fromHex(artifact.deployedBytecode);
// Numbered in the order of their declaration, which is that of `immutableValues`.
const references = Object.entries(artifact.immutableReferences)
  .sort(([a], [b]) => Number(a) - Number(b))
  .map(([, places]) => places);

/**
 * Compares the code of a registry with the one this package was built with. The immutables must be those of this chain and
 * this address, so that nothing in the code is left open.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function compareRegistryCode({ address, chainId, provider, contract }: Registry): Promise<CodeComparison> {
  const text = await readCode(provider, address, contract.interface);
  return {
    result: compareCode(fromHex(text), { address, chainId }),
    codeHash: keccak256(text) as Hex,
  };
}

/** Compares deployed code with the build's, for a contract at an address on a chain. */
export function compareCode(
  code: Uint8Array,
  { address, chainId }: Pick<Registry, "address" | "chainId">,
): CodeComparison["result"] {
  if (code.length !== built.length) return "other";
  const masked = Uint8Array.from(code);
  const values = immutableValues(address, chainId);
  for (const [i, places] of references.entries()) {
    for (const { start, length } of places) {
      if (toDigits(code.subarray(start, start + length)) !== values[i]) return "other";
      masked.fill(0, start, start + length);
    }
  }
  if (compareBytes(masked, built) === 0) return "same";
  const end = built.length - trailerLength(built);
  const sameTrailer = trailerLength(masked) === trailerLength(built);
  return sameTrailer && compareBytes(masked.subarray(0, end), built.subarray(0, end)) === 0 ? "same-code" : "other";
}

/**
 * The hash that the code of this build has at an address on a chain, immutables included: 0x-hex of 32 bytes. Code that
 * differs from it in comments alone has another one.
 */
export function buildCodeHash({ address, chainId }: Pick<Registry, "address" | "chainId">): Hex {
  const code = Uint8Array.from(built);
  const values = immutableValues(address, chainId);
  for (const [i, places] of references.entries()) {
    for (const { start, length } of places) code.set(fromHex(values[i] as string).subarray(0, length), start);
  }
  return keccak256(code) as Hex;
}

/** Bytes of the CBOR at the end of compiled code, which names the digest of the sources; its last two are its length. */
function trailerLength(code: Uint8Array): number {
  return Math.min(256 * (code.at(-2) ?? 0) + (code.at(-1) ?? 0) + 2, code.length);
}

/** The words that OpenZeppelin's EIP712 keeps in the code, and the first contract that the registry made. */
function immutableValues(address: string, chainId: bigint): string[] {
  const domain = TypedDataEncoder.hashDomain({ name: NAME, version: VERSION, chainId, verifyingContract: address });
  return [
    domain,
    toBeHex(chainId, WORD),
    zeroPadValue(address, WORD),
    id(NAME),
    id(VERSION),
    toShortString(NAME),
    toShortString(VERSION),
    zeroPadValue(getCreateAddress({ from: address, nonce: 1 }), WORD),
  ].map((word) => word.slice(2));
}

/** The text, and its length in the last byte: OpenZeppelin's ShortString. */
function toShortString(text: string): string {
  return encodeBytes32String(text).slice(0, -2) + text.length.toString(16).padStart(2, "0");
}
