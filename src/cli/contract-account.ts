import {
  Contract,
  Interface,
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
import {
  type OwnerSignatures,
  SAFE_MESSAGE,
  joinSignatures,
  readSignatures,
  writeSignatures,
} from "./owner-signatures.ts";
import type { ContractCall } from "../publish/sending/sending.ts";

const SAFE = new Interface([
  "function getOwners() view returns (address[])",
  "function getThreshold() view returns (uint256)",
]);

/** How a contract account signs. */
export interface ContractAccountOptions {
  /** An owner's key; asked for only where something is to be signed. */
  readonly owner: () => Promise<Signer>;
  /** Where the signatures of its owners are collected; without it one must do. */
  readonly signaturesPath?: string | undefined;
  /** Whether nothing is written. */
  readonly dryRun?: boolean | undefined;
}

/**
 * A Safe, or another contract account that takes its owners' signatures as a Safe does. It sends nothing from here; where it
 * has to sign, owners sign for it, one in each run.
 *
 * @see ERC-1271, and CompatibilityFallbackHandler of the Safe's contracts, 1.3 and later
 */
export class ContractAccount extends VoidSigner {
  readonly #options: ContractAccountOptions;

  constructor(address: string, provider: Provider, options: ContractAccountOptions) {
    super(address, provider);
    this.#options = options;
  }

  /** @throws {ProvenanceError} `SIGNATURE_REFUSED` where the account asks for more owners, `OPTION_INVALID`, `CHAIN_UNREACHABLE` */
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const { signaturesPath: path, dryRun = false } = this.#options;
    const provider = this.provider as Provider;
    const { chainId } = await provider.getNetwork();
    const hash = TypedDataEncoder.hash(domain, types, value) as Hex;
    const collection = { domain: { chainId, verifyingContract: this.address }, hash, path };
    const before = await readSignatures(collection);
    // Whoever runs this then, the signature has the same bytes, and so have the metadata.
    if (before.size > 0 && (await this.#takes(hash, before))) return joinSignatures(before);

    const owner = await this.#options.owner();
    const signature = await owner.signTypedData(collection.domain, SAFE_MESSAGE, { message: hash });
    const signatures = new Map([...before, [await owner.getAddress(), signature]]);
    const isTaken = await this.#takes(hash, signatures);
    const standing = isTaken ? undefined : await this.#describe(signatures);
    if (!dryRun) await writeSignatures(collection, signatures);
    if (standing === undefined) return joinSignatures(signatures);
    const rest =
      path === undefined
        ? "Collect them in a file: run this with --owner-signatures FILE, by the key of one owner after the other."
        : `They are in ${path}: another owner runs the same command with that file and their own key.`;
    throw new ProvenanceError("SIGNATURE_REFUSED", `${standing} ${rest}`);
  }

  async #takes(hash: Hex, signatures: OwnerSignatures): Promise<boolean> {
    const claim = { account: this.address, hash, signature: joinSignatures(signatures) };
    const answer = await checkSignature(claim, this.provider as Provider);
    if (answer.signed !== "unknown") return answer.signed === "yes";
    throw new ProvenanceError("CHAIN_UNREACHABLE", `The signatures of owners cannot be tried: ${answer.why}.`);
  }

  /** Says how far it is, of an account that tells its owners. @throws {ProvenanceError} `SIGNATURE_REFUSED` for a key of none of them */
  async #describe(signatures: OwnerSignatures): Promise<string> {
    const contract = new Contract(this.address, SAFE, this.provider);
    const ask = async (name: string) => (contract.getFunction(name)() as Promise<unknown>).catch(() => undefined);
    const [owners, threshold] = await Promise.all([ask("getOwners"), ask("getThreshold")]);
    const named = [...signatures.keys()];
    if (!Array.isArray(owners) || typeof threshold !== "bigint") {
      return `The contract account ${this.address} does not take the signatures of ${named.join(", ")}.`;
    }
    const stranger = named.find((account) => !owners.includes(account));
    if (stranger !== undefined) {
      const text = `${stranger} is no owner of the contract account ${this.address}: its signature counts for nothing there.`;
      throw new ProvenanceError("SIGNATURE_REFUSED", text);
    }
    return `The contract account ${this.address} asks for the signatures of ${threshold} owners, and has ${named.length}: ${named.join(", ")}.`;
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
