import { assertMinter } from "./mint.ts";
import { toSubmission } from "../registry/to-submission.ts";
import { readModelRecord } from "../registry/model-record.ts";
import { type MintVoucher, type SignedVoucher, signVoucher } from "./voucher.ts";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import type { ContentStore } from "../content/content-store.ts";
import { assertParentsKnown } from "./check-parents.ts";
import { pinMetadata } from "./pin-metadata.ts";
import type { PreparedModel, PublishContext } from "./prepare-model.ts";

/** What {@link issueVoucher} needs beyond the prepared model. */
export interface IssueVoucherContext extends PublishContext {
  readonly store: ContentStore;
  /** Who will own the token. */
  readonly to: string;
  /** Unix time in seconds after which the voucher is refused. */
  readonly deadline: bigint;
  /** Called with the voucher before anything is pinned or signed; it throws to stop. */
  readonly confirm?: (voucher: MintVoucher) => Promise<void>;
}

/**
 * Pins a model's metadata and signs a voucher for its token: somebody else pays for the mint, and the signer is the creator.
 *
 * @throws {ProvenanceError} `ALREADY_MINTED`, `NOT_MINTER`, `PARENT_UNKNOWN`, `STORE_FAILED`, `VOUCHER_INVALID` as
 *   {@link signVoucher}, `CHAIN_UNREACHABLE`, and whatever `confirm` throws
 */
export async function issueVoucher(prepared: PreparedModel, context: IssueVoucherContext): Promise<SignedVoucher> {
  const { registry, signer, to, deadline } = context;
  const { built, model } = prepared;
  const record = await readModelRecord(registry, BigInt(model.modelDigest));
  if (record !== undefined) {
    const text = `The model ${toHex32(record.tokenId)} is minted already, by ${record.creator}: a voucher for it would be worth nothing.`;
    throw new ProvenanceError("ALREADY_MINTED", text);
  }
  await assertMinter(registry, await signer.getAddress());
  await assertParentsKnown(prepared.built.metadata.provenance, registry);
  const submission = toSubmission(built.metadata.provenance, built.metadataDigest, context.warn);
  const voucher: MintVoucher = { to, submission, deadline };
  await context.confirm?.(voucher);
  await pinMetadata(built, context.store);
  return signVoucher(registry, signer, voucher);
}
