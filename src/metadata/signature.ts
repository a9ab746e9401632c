import {
  type EthersError,
  type Provider,
  type Signer,
  type TypedDataDomain,
  verifyTypedData,
  Contract,
  TypedDataEncoder,
  getAddress,
} from "ethers";
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
const ERC1271_MAGIC = "0x1626ba7e";

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
    .signTypedData(typedDomain(domain), TYPES, messageOf(provenance))
    .catch((error: unknown) => throwRefused(account, error));
  return { type: "EIP-712", signer: account, value };
}

function throwRefused(account: string, cause: unknown): never {
  if (cause instanceof ProvenanceError) throw cause;
  const { shortMessage, message = String(cause), info, error } = (cause ?? {}) as Partial<EthersError> & WalletFailure;
  // What the wallet itself says; the long message of ethers holds the whole request, and maybe a URL.
  const words = (error?.message ?? info?.error?.message ?? shortMessage ?? message).split("\n")[0];
  const text = `${account} did not sign the metadata: ${words}. Nothing was pinned or sent. Run again to be asked again.`;
  throw new ProvenanceError("SIGNATURE_REFUSED", text, { cause });
}

/** A failure that a node or wallet answered with, as ethers hands it on. */
interface WalletFailure {
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly info?: { readonly error?: { readonly message?: string } };
}

/**
 * Tells whether the signature in a metadata JSON is one of `creator` over its provenance: of an
 * externally owned account, or by ERC-1271 of a contract account.
 */
export async function isSignedBy(
  metadata: Metadata,
  creator: string,
  domain: SigningDomain,
  provider: Provider,
): Promise<boolean> {
  if (getAddress(metadata.signature.signer) !== creator) return false;
  if (isSignedByAccount(metadata, creator, domain)) return true;
  const message = messageOf(metadata.provenance);
  const { value } = metadata.signature;
  if ((await provider.getCode(creator)) === "0x") return false;
  const digest = TypedDataEncoder.hash(typedDomain(domain), TYPES, message);
  const wallet = new Contract(creator, ["function isValidSignature(bytes32,bytes) view returns (bytes4)"], provider);
  return wallet
    .getFunction("isValidSignature")(digest, value)
    .then((magic: string) => magic === ERC1271_MAGIC)
    .catch(() => false);
}

/** As {@link isSignedBy}, of an externally owned account alone: nothing has to be asked of a chain. */
export function isSignedByAccount(metadata: Metadata, creator: string, domain: SigningDomain): boolean {
  const { value, signer } = metadata.signature;
  return getAddress(signer) === creator && recoverSigner(domain, messageOf(metadata.provenance), value) === creator;
}

/** SHA-256 of the canonical provenance, 0x-hex of 32 bytes. */
export function computeProvenanceDigest(provenance: Provenance): Hex {
  return toHex(sha256(canonicalJson(provenance)));
}

function recoverSigner(domain: SigningDomain, message: Record<string, Hex>, signature: string): string | undefined {
  try {
    return verifyTypedData(typedDomain(domain), TYPES, message, signature);
  } catch {
    return undefined;
  }
}

function typedDomain({ chainId, registry }: SigningDomain): TypedDataDomain {
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
