import { type Signer, TypedDataEncoder } from "ethers";
import type { Hex } from "../base/hex.ts";
import { type SigningDomain, registryDomain, throwRefused } from "./signature.ts";

/** That an account is a publisher, as it stands in the metadata. */
export interface PublisherStatement {
  readonly did: string;
  /** By the account, of {@link hashPublisher}. 0x-hex. */
  readonly signature: string;
}

const TYPES = { ModelPublisher: [{ name: "did", type: "string" }] };

/**
 * Signs by EIP-712 that the account is that of a did:web: the one direction. The other is that the DID's document lists the
 * account.
 *
 * @throws {ProvenanceError} `SIGNATURE_REFUSED` if the wallet or node that has the key does not sign
 */
export async function signPublisher(did: string, signer: Signer, domain: SigningDomain): Promise<PublisherStatement> {
  const account = await signer.getAddress();
  const signature = await signer
    .signTypedData(registryDomain(domain), TYPES, { did })
    .catch((error: unknown) => throwRefused(account, `that it is ${did}`, error));
  return { did, signature };
}

/** What an account signs that is a publisher's: the EIP-712 hash. 0x-hex of 32 bytes. */
export function hashPublisher(did: string, domain: SigningDomain): Hex {
  return TypedDataEncoder.hash(registryDomain(domain), TYPES, { did }) as Hex;
}
