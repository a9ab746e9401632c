import { ProvenanceError } from "../base/errors.ts";
import { readNodeError } from "../base/node/node-error.ts";
import { decodeRevert, toChainError } from "../registry/chain-error.ts";
import { type ModelRecord, readModelRecord } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { hasRole } from "../registry/roles.ts";
import { readChainTime } from "../registry/standing.ts";
import { type SignedVoucher, checkVoucherSignature, signerOfVoucher } from "./voucher.ts";

/** What can be done with a voucher now. */
export interface VoucherState {
  /** Who signed it and so is the creator; undefined where the bytes are no signature. */
  readonly signer?: string;
  /**
   * `usable`; `used`: its model is recorded, by whomever; `expired`; `cancelled` by its signer; `powerless`: it is not
   * signed, or its signer is no minter; `refused` for another reason.
   */
  readonly state: "usable" | "used" | "expired" | "cancelled" | "powerless" | "refused";
  /** Why it is not usable: a sentence without its full stop. */
  readonly reason?: string;
  /** Of the model, where it is `used`. */
  readonly record?: ModelRecord;
}

/**
 * Finds out what a voucher is worth, without sending anything: the mint is tried against the present state.
 *
 * @param from - the account that would send it
 * @throws {ProvenanceError} `VOUCHER_INVALID` for one of another registry, `CHAIN_UNREACHABLE`
 */
export async function inspectVoucher(registry: Registry, signed: SignedVoucher, from: string): Promise<VoucherState> {
  const { voucher } = signed;
  if (signed.registry.toLowerCase() !== toCaip10(registry).toLowerCase()) {
    const text = `The voucher is for the registry ${signed.registry}, not for ${toCaip10(registry)}. Name that one.`;
    throw new ProvenanceError("VOUCHER_INVALID", text);
  }
  const signer = signerOfVoucher(registry, signed);
  if (signer === undefined) return { state: "powerless", reason: "its signature has no signer" };
  const record = await readModelRecord(registry, BigInt(voucher.submission.modelDigest));
  if (record !== undefined) {
    return { signer, record, state: "used", reason: `its model is recorded already, by ${record.creator}` };
  }
  if ((await readChainTime(registry)) > voucher.deadline) {
    return {
      signer,
      state: "expired",
      reason: `it expired at ${new Date(Number(voucher.deadline) * 1000).toISOString()}`,
    };
  }
  if (!(await hasRole(registry, "minter", signer))) {
    return { signer, state: "powerless", reason: `its signer ${signer} is no minter of the registry` };
  }
  const answer = await checkVoucherSignature(registry, signed, signer);
  if (answer.signed === "unknown")
    throw new ProvenanceError("CHAIN_UNREACHABLE", `Not known: ${answer.why}. Try again.`);
  if (answer.signed === "no") return { signer, state: "powerless", reason: `${signer} did not sign it` };
  return { signer, ...(await tryMint(registry, signed, from)) };
}

async function tryMint(
  { contract, provider }: Registry,
  { voucher, signature }: SignedVoucher,
  from: string,
): Promise<Pick<VoucherState, "state" | "reason">> {
  try {
    await contract.connect(provider).mintWithVoucher.staticCall(voucher, signature, { from });
    return { state: "usable" };
  } catch (error) {
    const failure = toChainError(error, contract.interface);
    if (readNodeError(error).kind !== "reverted") throw failure;
    const isCancelled = decodeRevert(error, contract.interface)?.name === "ModelProvenanceCancelledVoucher";
    return isCancelled
      ? { state: "cancelled", reason: "its signer cancelled it" }
      : { state: "refused", reason: failure.message.replace(/\.?$/, "") };
  }
}
