import {
  type Provider,
  type Signer,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  VoidSigner,
} from "ethers";
import { writeFile } from "node:fs/promises";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { checkSignature } from "../registry/check-signature.ts";
import type { ContractCall } from "../publish/sending/sending.ts";

const SAFE_MESSAGE = { SafeMessage: [{ name: "message", type: "bytes" }] };

/**
 * A Safe, or another contract account that takes its owners' signatures as a Safe does. It sends nothing from here; where it
 * has to sign, an owner signs for it.
 *
 * @see ERC-1271, and CompatibilityFallbackHandler of the Safe's contracts, 1.3 and later
 */
export class ContractAccount extends VoidSigner {
  readonly #owner: () => Promise<Signer>;

  /** @param owner - asked for only where something is to be signed */
  constructor(address: string, provider: Provider, owner: () => Promise<Signer>) {
    super(address, provider);
    this.#owner = owner;
  }

  /** @throws {ProvenanceError} `SIGNATURE_REFUSED` where the account does not take the signature of this owner alone, `CHAIN_UNREACHABLE` */
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const provider = this.provider as Provider;
    const owner = await this.#owner();
    const digest = TypedDataEncoder.hash(domain, types, value);
    const { chainId } = await provider.getNetwork();
    const own = { chainId, verifyingContract: this.address };
    const signature = await owner.signTypedData(own, SAFE_MESSAGE, { message: digest });
    const claim = { account: this.address, hash: digest as Hex, signature };
    const answer = await checkSignature(claim, provider);
    if (answer.signed === "yes") return signature;
    if (answer.signed === "unknown") {
      throw new ProvenanceError("CHAIN_UNREACHABLE", `The signature of an owner cannot be tried: ${answer.why}.`);
    }
    const text =
      `The contract account ${this.address} does not take the signature of ${await owner.getAddress()} alone. Give the key of ` +
      "an owner of an account with a threshold of one; with more owners, let an account that they appoint mint.";
    throw new ProvenanceError("SIGNATURE_REFUSED", text);
  }
}

/**
 * Writes a call as the transaction builder of a Safe reads it. The same call gives the same bytes.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` where the file cannot be written
 */
export async function writeProposal(
  path: string,
  { to, data, value = 0n }: ContractCall,
  { chainId }: { readonly chainId: bigint },
  { account, name }: { readonly account: string; readonly name: string },
): Promise<void> {
  const proposal = {
    version: "1.0",
    chainId: String(chainId),
    createdAt: 0,
    meta: { name, description: "", txBuilderVersion: "", createdFromSafeAddress: account, createdFromOwnerAddress: "" },
    transactions: [{ to, value: String(value), data, contractMethod: null, contractInputsValues: null }],
  };
  await writeFile(path, `${JSON.stringify(proposal, null, 2)}\n`).catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `CALLDATA_OUT: ${path} cannot be written (${cause.code}).`, { cause });
  });
}

/** What to do with a call that was written. */
export function describeProposal(path: string): string {
  return (
    `wrote the call to ${path}, and sent nothing: load it in the transaction builder of the Safe, let its owners execute it, and ` +
    "run this again to see that it is done"
  );
}

/** Ends a run where a call was written instead of sent. */
export class ProposalEnd extends Error {}
