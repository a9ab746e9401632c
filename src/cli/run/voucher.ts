import { redeemVoucher, cancelVoucher } from "../../publish/redeem-voucher.ts";
import { refused } from "../../registry/standing.ts";
import { parseVoucherFile } from "../../publish/voucher-file.ts";
import { inspectVoucher } from "../../publish/voucher-state.ts";
import { type SignedVoucher, hashVoucher } from "../../publish/voucher.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { toHex32 } from "../../base/hex.ts";
import { rawCidOfDigest, toIpfsUri } from "../../content/cid.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { type ChangeOptions, type ChangeSession, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import { isoTime } from "../describe-time.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type VoucherOptions = ChangeOptions & OptionValues<"voucherPath">;

// More than any voucher has: a file that grows while it is read is not read to the end.
const MAX_FILE_BYTES = 128 * 1024;

/** Mints the model of a voucher: whoever runs it pays the gas, the signer is the creator. */
export async function runVoucherRedeem(
  options: VoucherOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const signed = await readVoucher(required(options, "voucherPath"));
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const { state, reason, signer } = await inspectVoucher(registry, signed, from);
  // One that is used has done what its holder wanted, or another model record stands: the library tells them apart.
  if (state !== "usable" && state !== "used") throw refused(`the voucher cannot be used: ${reason}`);
  const { tokenId, voucherHash, to, deadline } = describe(session, signed);
  const { submission } = signed.voucher;
  const uri = toIpfsUri(rawCidOfDigest(submission.metadataDigest as `0x${string}`));
  return makeChange(session, {
    verb: "voucher redeem",
    consequences: {
      changes: `the model ${tokenId} is recorded for ever, with ${signer} as its creator and ${uri} as its metadata`,
      affects: `${to} gets the token; you pay the gas and nothing else, for a voucher has no price`,
      undo: "never: a record stays; its creator can deprecate or revoke it",
    },
    question: "Mint it?",
    done: `the model ${tokenId} is recorded, and its token belongs to ${to}`,
    changed: { tokenId, to, creator: signer, metadataURI: uri, voucherHash, deadline },
    send: async (context) => (await redeemVoucher(registry, signed, context)).transaction,
  });
}

/** Makes a voucher worthless, by the account that signed it. */
export async function runVoucherCancel(
  options: VoucherOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const signed = await readVoucher(required(options, "voucherPath"));
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const { state, reason, signer } = await inspectVoucher(registry, signed, from);
  if (signer !== from) {
    const who = signer === undefined ? "nobody" : signer;
    throw refused(`the voucher was signed by ${who}, and only its signer can cancel it; you are ${from}`);
  }
  if (state === "used") throw refused(`there is nothing to cancel: ${reason}. Deprecate or revoke the model instead`);
  const { tokenId, voucherHash, to, deadline } = describe(session, signed);
  const changed = { tokenId, voucherHash, signer, before: state, after: "cancelled" };
  if (state === "expired" || state === "cancelled") {
    return reportUnchanged(session, "voucher cancel", `the voucher is worth nothing already: ${reason}`, changed);
  }
  return makeChange(session, {
    verb: "voucher cancel",
    consequences: {
      changes: `the voucher for the model ${tokenId}, for ${to} until ${isoTime(deadline)}, can be used no more`,
      affects: "whoever holds the file: nobody can mint with it, however it was signed",
      undo: "never; you can sign another one, with another deadline",
    },
    question: "Cancel the voucher?",
    done: "the voucher is cancelled",
    changed,
    send: async (context) => cancelVoucher(registry, signed, context),
  });
}

function describe({ registry }: ChangeSession, { voucher }: SignedVoucher) {
  const { to, submission, deadline } = voucher;
  return {
    tokenId: toHex32(BigInt(submission.modelDigest)),
    voucherHash: hashVoucher(registry, voucher),
    to,
    deadline: Number(deadline),
  };
}

async function readVoucher(path: string): Promise<SignedVoucher> {
  return parseVoucherFile(await readGivenFile(path, { what: "VOUCHER_PATH:", maxBytes: MAX_FILE_BYTES }));
}
