import { type EthersError, type Signer, type TypedDataDomain, TypedDataEncoder, recoverAddress } from "ethers";
import { sha256 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST, toHex } from "../base/hex.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Metadata, Provenance } from "./schema.ts";

/** Where a signature counts: one registry on one chain. */
export interface SigningDomain {
  readonly chainId: bigint;
  readonly registry: string;
}

const TYPES = {
  ModelProvenance: [
    { name: "modelDigest", type: "bytes32" },
    { name: "manifestRoot", type: "bytes32" },
    { name: "datasetDigest", type: "bytes32" },
    { name: "provenanceDigest", type: "bytes32" },
  ],
};

/**
 * Signs a provenance by EIP-712, so that the account vouches for every field of it.
 *
 * @throws {ProvenanceError} `SIGNATURE_REFUSED` if the wallet or node that has the key does not sign
 */
export async function signProvenance(
  provenance: Provenance,
  signer: Signer,
  domain: SigningDomain,
): Promise<Metadata["signature"]> {
  const account = await signer.getAddress();
  const value = await signer
    .signTypedData(registryDomain(domain), TYPES, messageOf(provenance))
    .catch((error: unknown) => throwRefused(account, "the metadata", error));
  return { type: "EIP-712", signer: account, value };
}

/**
 * Says that a wallet did not sign.
 *
 * @param what - was to be signed: `the metadata`
 * @throws {ProvenanceError} `SIGNATURE_REFUSED`, or the cause where it says already what was wrong
 */
export function throwRefused(account: string, what: string, cause: unknown): never {
  if (cause instanceof ProvenanceError) throw cause;
  const { shortMessage, message = String(cause), info, error } = (cause ?? {}) as Partial<EthersError> & WalletFailure;
  // What the wallet itself says; the long message of ethers holds the whole request, and maybe a URL.
  const words = (error?.message ?? info?.error?.message ?? shortMessage ?? message).split("\n")[0];
  const text = `${account} did not sign ${what}: ${words}. Nothing was pinned or sent. Run again to be asked again.`;
  throw new ProvenanceError("SIGNATURE_REFUSED", text, { cause });
}

/** A failure that a node or wallet answered with, as ethers hands it on. */
interface WalletFailure {
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly info?: { readonly error?: { readonly message?: string } };
}

/** What the creator of a provenance signs: the EIP-712 hash. 0x-hex of 32 bytes. */
export function hashProvenance(provenance: Provenance, domain: SigningDomain): Hex {
  return TypedDataEncoder.hash(registryDomain(domain), TYPES, messageOf(provenance)) as Hex;
}

// 65 bytes, the last one the parity: 27 or 28, or 0 or 1 as some wallets write it; or 64, with the parity in them (ERC-2098).
const ACCOUNT_SIGNATURE = /^0x[0-9a-f]{128}(?:00|01|1b|1c)?$/i;

/**
 * The account whose key made a signature; undefined for bytes that are none.
 *
 * @param hash - 0x-hex of 32 bytes
 */
export function recoverAccount(hash: Hex, signature: string): string | undefined {
  if (!ACCOUNT_SIGNATURE.test(signature)) return undefined;
  try {
    return recoverAddress(hash, signature);
  } catch {
    return undefined;
  }
}

/** SHA-256 of the canonical provenance, 0x-hex of 32 bytes. */
export function computeProvenanceDigest(provenance: Provenance): Hex {
  return toHex(sha256(canonicalJson(provenance)));
}

/** What all that is signed for a registry is bound to. */
export function registryDomain({ chainId, registry }: SigningDomain): TypedDataDomain {
  return { name: "ModelProvenanceNFT", version: "1", chainId, verifyingContract: registry };
}

function messageOf(provenance: Provenance): Record<string, Hex> {
  return {
    modelDigest: provenance.modelDigest as Hex,
    manifestRoot: provenance.manifestRoot as Hex,
    datasetDigest: (provenance.datasetDigest ?? ZERO_DIGEST) as Hex,
    provenanceDigest: computeProvenanceDigest(provenance),
  };
}
