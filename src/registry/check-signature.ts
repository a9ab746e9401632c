import { AbiCoder, type Provider, concat, dataSlice, getAddress } from "ethers";
import { SignatureCheck__factory } from "../../typechain-types/factories/contracts/libraries/SignatureCheck__factory.ts";
import type { Hex } from "../base/hex.ts";
import { type NodeError, readNodeError } from "../base/node/node-error.ts";
import type { Metadata } from "../metadata/schema.ts";
import { type SigningDomain, hashProvenance, recoverAccount } from "../metadata/signature.ts";

/** What somebody is said to have signed. */
export interface SignatureClaim {
  /** With EIP-55 checksum. */
  readonly account: string;
  /** 0x-hex of 32 bytes. */
  readonly hash: Hex;
  /** 0x-hex. */
  readonly signature: string;
}

/** Whether it is so: `unknown` where the account could not be asked, and then why, as a clause. */
export type SignatureAnswer = { readonly signed: "yes" | "no" } | { readonly signed: "unknown"; readonly why: string };

const MAX_SIGNATURE_BYTES = 16 * 1024;
// What a signature of ERC-6492 ends with.
const UNDEPLOYED = "6492".repeat(16);
const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
const NO = `0x${"1".padStart(64, "0")}`;
const YES = `0x${"2".padStart(64, "0")}`;

/**
 * Tells whether an account signed a hash: by its key, also where code was set for it (EIP-7702), else by what the contract
 * at its address says (ERC-1271), which is made for the question where the signature says how (ERC-6492). What a node does
 * not answer is not known, and never a wrong signature.
 *
 * @param provider - of the chain of the account; without one only keys can be told
 */
export async function checkSignature(claim: SignatureClaim, provider?: Provider): Promise<SignatureAnswer> {
  const { account, hash, signature } = claim;
  if (recoverAccount(hash, signature) === account) return { signed: "yes" };
  if (!/^0x(?:[0-9a-f]{2})+$/i.test(signature) || signature.length > 2 + 2 * MAX_SIGNATURE_BYTES) {
    return { signed: "no" };
  }
  if (provider === undefined) {
    return {
      signed: "unknown",
      why: `no key of ${account} signed it, and whether a contract did cannot be asked here`,
    };
  }
  try {
    const answer = await provider.call({ data: questionOf(claim) });
    if (answer === YES || answer === NO) return { signed: answer === YES ? "yes" : "no" };
    return { signed: "unknown", why: `the node answers ${answer.slice(0, 66)} for what ${account} says of it` };
  } catch (error) {
    return { signed: "unknown", why: sayWhy(readNodeError(error), account) };
  }
}

/** As {@link checkSignature}, of the signature in a metadata JSON by who recorded it in a registry. */
export async function checkMetadataSignature(
  { signature, provenance }: Metadata,
  creator: string,
  domain: SigningDomain,
  provider?: Provider,
): Promise<SignatureAnswer> {
  if (getAddress(signature.signer) !== creator) return { signed: "no" };
  const hash = hashProvenance(provenance, domain);
  return checkSignature({ account: creator, hash, signature: signature.value }, provider);
}

/** The code of the question, as a node runs it in a call. */
function questionOf({ account, hash, signature }: SignatureClaim): string {
  const { factory, factoryCall, inner } = readUndeployed(signature);
  const types = ["address", "bytes32", "bytes", "address", "bytes"];
  const encoded = AbiCoder.defaultAbiCoder().encode(types, [account, hash, inner, factory, factoryCall]);
  return concat([SignatureCheck__factory.bytecode, encoded]);
}

/** The parts of a signature of ERC-6492; another one is its own inner part. */
function readUndeployed(signature: string): { factory: string; factoryCall: string; inner: string } {
  const plain = { factory: ZERO_ADDRESS, factoryCall: "0x", inner: signature };
  if (!signature.toLowerCase().endsWith(UNDEPLOYED)) return plain;
  try {
    const encoded = dataSlice(signature, 0, -32);
    const [factory, factoryCall, inner] = AbiCoder.defaultAbiCoder().decode(["address", "bytes", "bytes"], encoded);
    return { factory: String(factory), factoryCall: String(factoryCall), inner: String(inner) };
  } catch {
    return plain; // some wallet's own, which happens to end so
  }
}

function sayWhy({ words }: NodeError, account: string): string {
  return `the node did not say whether ${account} signed it (${words})`;
}
