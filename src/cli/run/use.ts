import { ZeroAddress } from "ethers";
import { assertOwner, readChainTime, refused, requireRecord, resolveMoment } from "../../registry/standing.ts";
import { hasAccess } from "../../registry/usage.ts";
import { grantUse, revokeUse } from "../../publish/change-model.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { type ChangeOptions, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import { isoTime } from "../describe-time.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type UseOptions = ChangeOptions & OptionValues<"tokenId" | "account" | "until">;

const MAX_TIME = 2n ** 64n - 1n;

/** Lets an account use a model until a time. */
export async function runUseGrant(
  options: UseOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [token, account, until] = [
    required(options, "tokenId"),
    required(options, "account"),
    required(options, "until"),
  ];
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const tokenId = await resolveTokenId(token);
  const record = await requireRecord(registry, tokenId);
  assertOwner(record, from);
  if (account === ZeroAddress) throw new ProvenanceError("OPTION_INVALID", "ACCOUNT_ADDRESS is the zero address.");
  if (account === from) throw refused(`${account} owns the token and may use the model anyway`);
  const expires = await resolveMoment(registry, until);
  const now = await readChainTime(registry);
  if (expires <= now) throw refused(`${isoTime(expires)} is not in the future; the newest block is of ${isoTime(now)}`);
  if (expires > MAX_TIME) throw new ProvenanceError("OPTION_INVALID", "GRANT_UNTIL is too far away to be recorded.");
  const before = await hasAccess(registry, tokenId, account);
  return makeChange(session, {
    verb: "use grant",
    consequences: {
      changes: `${account} may use the model ${toHex32(tokenId)} until ${isoTime(expires)}${before ? ", instead of until the end it had" : ""}`,
      affects: "a gate that asks this registry lets it in; who has a grant is public",
      undo: "with use revoke, at any time; it ends by itself then, and when you give the token away (unless you get it back)",
    },
    question: "Grant the use?",
    done: `${account} may use the model ${toHex32(tokenId)} until ${isoTime(expires)}`,
    changed: { tokenId: toHex32(tokenId), account, before, after: true, expires: Number(expires) },
    send: async (context) => grantUse(registry, tokenId, account, expires, context),
  });
}

/** Takes back what the owner allowed. */
export async function runUseRevoke(
  options: UseOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [token, account] = [required(options, "tokenId"), required(options, "account")];
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const tokenId = await resolveTokenId(token);
  assertOwner(await requireRecord(registry, tokenId), from);
  if (account === from) throw refused(`${account} owns the token: owning it is no grant that could be taken back`);
  const id = toHex32(tokenId);
  if (!(await hasAccess(registry, tokenId, account))) {
    const changed = { tokenId: id, account, before: false, after: false };
    return reportUnchanged(session, "use revoke", `${account} has no grant for the model ${id} now`, changed);
  }
  return makeChange(session, {
    verb: "use revoke",
    consequences: {
      changes: `${account} may no longer use the model ${id}`,
      affects: "a gate that asks this registry turns it away from its next request on; what it downloaded it has",
      undo: "with use grant",
    },
    question: "Take the grant back?",
    done: `${account} may no longer use the model ${id}`,
    changed: { tokenId: id, account, before: true, after: false },
    send: async (context) => revokeUse(registry, tokenId, account, context),
  });
}
