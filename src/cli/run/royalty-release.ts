import { releaseShare } from "../../publish/split-royalties.ts";
import { refused, requireRecord } from "../../registry/standing.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { type ChangeOptions, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { describeAmount, readRate, readSharesOf } from "./royalty.ts";

/** Pays an account what the splitter of a token's royalty owes it. */
export async function runRoyaltyRelease(
  options: ChangeOptions & OptionValues<"tokenId" | "account" | "currency">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [token, payee, { currency }] = [required(options, "tokenId"), required(options, "account"), options];
  const session = await openChange(options, connection, terminal);
  const { registry } = session;
  const tokenId = await resolveTokenId(token);
  await requireRecord(registry, tokenId);
  const { receiver: splitter } = await readRate(registry, tokenId);
  const shares = await readSharesOf(registry, splitter, currency);
  if (shares === undefined) throw refused(`the receiver of the royalty, ${splitter}, is no splitter`);
  const due = shares.find((share) => share.payee === payee)?.releasable;
  if (due === undefined) throw refused(`${payee} has no share in the splitter ${splitter}`);
  const amount = describeAmount(due, currency);
  const changed = { tokenId: toHex32(tokenId), splitter, payee, currency: currency ?? null, amount: String(due) };
  if (due === 0n) return reportUnchanged(session, "royalty release", `nothing is due to ${payee} now`, changed);
  return makeChange(session, {
    verb: "royalty release",
    consequences: {
      changes: `${amount} go from the splitter ${splitter} to ${payee}`,
      affects: `${payee} alone; what is due to the others stays in the splitter`,
      undo: "never: it is a payment",
    },
    question: "Pay it out?",
    done: `${payee} was paid ${amount}`,
    changed,
    send: async (context) => releaseShare(registry.provider, splitter, payee, context, currency),
  });
}
