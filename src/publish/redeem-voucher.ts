import { ProvenanceError } from "../base/errors.ts";
import { toChainError } from "../registry/chain-error.ts";
import { assertMinter } from "./mint.ts";
import { type RecordedModel, findRecorded, readRecorded } from "./recorded-model.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { type MinedTransaction } from "./sending/sent-transaction.ts";
import { type TransactionContext, callOf, changeRegistry, transactUnless } from "./transact.ts";
import { type MintVoucher, type SignedVoucher, signerOfVoucher } from "./voucher.ts";

/**
 * Mints the model of a voucher; whoever sends it pays. One that somebody else sent first has done what its holder wanted,
 * and is reported as it is.
 *
 * @throws {ProvenanceError} `VOUCHER_INVALID` (of another registry, expired, or not signed), `NOT_MINTER` if its signer is no
 *   minter, `ALREADY_MINTED` (with other metadata, or by somebody else), `TRANSACTION_REFUSED` (also: cancelled),
 *   `CHAIN_UNREACHABLE`, and whatever `confirm` throws
 */
export async function redeemVoucher(
  registry: Registry,
  signed: SignedVoucher,
  context: TransactionContext,
): Promise<RecordedModel> {
  const { voucher, signature } = signed;
  const { submission } = voucher;
  assertHere(registry, signed);
  const signer = signerOfVoucher(registry, signed);
  if (signer === undefined) throw invalid("its signature has no signer");
  const existing = await findRecorded(registry, submission, signer);
  if (existing !== undefined) return { record: existing };
  await assertNotExpired(registry, voucher);
  await assertMinter(registry, signer);

  const data = registry.contract.interface.encodeFunctionData("mintWithVoucher", [voucher, signature]);
  const isDone = async () => (await findRecorded(registry, submission, signer)) !== undefined;
  const transaction = await transactUnless(isDone, registry, callOf(registry, data), context);
  return readRecorded(registry, submission, signer, transaction);
}

/**
 * Cancels a voucher, whatever its signature: one that the sender signed mints no more. Of another's it changes nothing.
 *
 * @throws {ProvenanceError} `VOUCHER_INVALID` of another registry, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function cancelVoucher(
  registry: Registry,
  signed: Pick<SignedVoucher, "registry" | "voucher">,
  context: TransactionContext,
): Promise<MinedTransaction> {
  assertHere(registry, signed);
  const data = registry.contract.interface.encodeFunctionData("cancelVoucher", [signed.voucher]);
  return changeRegistry(registry, data, context);
}

async function assertNotExpired({ provider, contract }: Registry, { deadline }: MintVoucher): Promise<void> {
  const block = await provider.getBlock("latest").catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  if (block === null || BigInt(block.timestamp) <= deadline) return;
  throw invalid(`it expired at ${new Date(Number(deadline) * 1000).toISOString()}`);
}

function assertHere(registry: Registry, { registry: place }: Pick<SignedVoucher, "registry">): void {
  if (place.toLowerCase() === toCaip10(registry).toLowerCase()) return;
  throw invalid(`it is for the registry ${place}, not for ${toCaip10(registry)}`);
}

function invalid(fault: string): ProvenanceError {
  return new ProvenanceError("VOUCHER_INVALID", `The voucher cannot be used: ${fault}. Ask its signer for another.`);
}
