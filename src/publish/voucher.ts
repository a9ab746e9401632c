import { Signature, type Signer, TypedDataEncoder, getAddress } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { recoverAccount } from "../metadata/signature.ts";
import { type SignatureAnswer, checkSignature } from "../registry/check-signature.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { type ModelSubmission, SUBMISSION_FIELDS } from "../registry/submission.ts";

/** A mint that a minter allows and that anybody may send; the signer is the creator. */
export interface MintVoucher {
  /** Receives the token. */
  readonly to: string;
  readonly submission: ModelSubmission;
  /** Unix time in seconds after which it is refused. */
  readonly deadline: bigint;
}

/** A voucher as it is handed over. */
export interface SignedVoucher {
  /** CAIP-10 account of the registry. */
  readonly registry: string;
  readonly voucher: MintVoucher;
  /** 65 bytes of an account's signature; or the address of a contract that signs, and its signature (ERC-1271). */
  readonly signature: Hex;
}

type Place = Pick<Registry, "chainId" | "address">;

const TYPES = {
  MintVoucher: [
    { name: "to", type: "address" },
    { name: "submission", type: "ModelSubmission" },
    { name: "deadline", type: "uint256" },
  ],
  ModelSubmission: SUBMISSION_FIELDS,
};
const ACCOUNT_SIGNATURE_LENGTH = 2 + 2 * 65;
const ADDRESS_LENGTH = 2 + 2 * 20;

/** What the signer of a voucher signs: the hash that the contract computes. 0x-hex of 32 bytes. @see EIP-712 */
export function hashVoucher(place: Place, voucher: MintVoucher): Hex {
  return TypedDataEncoder.hash(domainOf(place), TYPES, voucher) as Hex;
}

/**
 * Signs a voucher. The signer is its creator, and must be a minter when it is used.
 *
 * @throws {ProvenanceError} `VOUCHER_INVALID` where the signer is a contract whose signature has exactly 45 bytes, which the
 *   registry takes for that of an account
 */
export async function signVoucher(place: Place, signer: Signer, voucher: MintVoucher): Promise<SignedVoucher> {
  const registry = toCaip10(place);
  const address = await signer.getAddress();
  const signature = (await signer.signTypedData(domainOf(place), TYPES, voucher)) as Hex;
  if (recoverAccount(hashVoucher(place, voucher), signature) === address) {
    // Some wallets end with 0 or 1 where the contract takes 27 or 28.
    return { registry, voucher, signature: Signature.from(signature).serialized as Hex };
  }

  const prefixed: Hex = `0x${address.slice(2).toLowerCase()}${signature.slice(2)}`;
  if (prefixed.length === ACCOUNT_SIGNATURE_LENGTH) {
    const text = `The contract ${address} signs with 45 bytes: a registry takes its vouchers for those of an account.`;
    throw new ProvenanceError("VOUCHER_INVALID", text);
  }
  return { registry, voucher, signature: prefixed };
}

/**
 * Says who signed a voucher, and so becomes the creator. For a contract this is who it says it is: only the registry
 * asks it.
 *
 * @returns undefined where the bytes cannot be a signature
 */
export function signerOfVoucher(place: Place, { voucher, signature }: SignedVoucher): string | undefined {
  if (signature.length === ACCOUNT_SIGNATURE_LENGTH) return recoverAccount(hashVoucher(place, voucher), signature);
  return signature.length > ADDRESS_LENGTH ? getAddress(signature.slice(0, ADDRESS_LENGTH)) : undefined;
}

/** Asks who is said to have signed a voucher whether it is so. */
export async function checkVoucherSignature(
  registry: Registry,
  { voucher, signature }: SignedVoucher,
  signer: string,
): Promise<SignatureAnswer> {
  const isOfContract = signature.length !== ACCOUNT_SIGNATURE_LENGTH;
  const own = isOfContract ? `0x${signature.slice(ADDRESS_LENGTH)}` : signature;
  return checkSignature({ account: signer, hash: hashVoucher(registry, voucher), signature: own }, registry.provider);
}

function domainOf({ chainId, address }: Place) {
  return { name: "ModelProvenanceNFT", version: "1", chainId, verifyingContract: address };
}
