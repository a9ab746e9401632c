import { ZeroAddress } from "ethers";
import { listRoleHolders } from "../../registry/role-holders.ts";
import { type Administration, type GrantedRole, hasRole, readAdministration } from "../../registry/roles.ts";
import { assertAdmin, readChainTime, refused } from "../../registry/standing.ts";
import {
  acceptAdminTransfer,
  beginAdminTransfer,
  cancelAdminTransfer,
  grantRole,
  revokeRole,
} from "../../publish/administer.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { type ChangeOptions, type ChangeSession, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import { describeSeconds, isoTime } from "../describe-time.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import { type Terminal, table } from "../terminal.ts";

type RoleOptions = ChangeOptions & OptionValues<"role" | "account">;

const MAY: Record<GrantedRole, string> = {
  minter: "record models in this registry, directly, in batches and by vouchers that it signs",
  curator: "set the status of every model and batch: deprecate them, lift that, and revoke them for ever",
};

/** Gives a role; of the admin's role: names the next admin. */
export async function runRolesGrant(
  options: RoleOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [role, account] = [required(options, "role"), required(options, "account")];
  const session = await openChange(options, connection, terminal);
  if (role === "admin") return nameAdmin(session, account);
  const { registry, from } = session;
  const changed = { role, account, before: false, after: true };
  if (await hasRole(registry, role, account)) {
    const facts = { ...changed, before: true };
    return reportUnchanged(session, "roles grant", `${account} is a ${role} already`, facts);
  }
  await assertAdmin(registry, from);
  if (account === ZeroAddress) throw zeroAccount();
  return makeChange(session, {
    verb: "roles grant",
    consequences: {
      changes: `${account} becomes a ${role}`,
      affects: `it may ${MAY[role]}; everybody sees it`,
      undo: "the admin takes the role back at any time; what was done with it meanwhile stays",
    },
    question: `Make it a ${role}?`,
    done: `${account} is a ${role}`,
    changed,
    send: async (context) => grantRole(registry, role, account, context),
  });
}

/** Takes a role back; of the admin's role: forgets who was named. */
export async function runRolesRevoke(
  options: RoleOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [role, account] = [required(options, "role"), required(options, "account")];
  const session = await openChange(options, connection, terminal);
  if (role === "admin") return forgetAdmin(session, account);
  const { registry, from } = session;
  const changed = { role, account, before: true, after: false };
  if (!(await hasRole(registry, role, account))) {
    const facts = { ...changed, before: false };
    return reportUnchanged(session, "roles revoke", `${account} is no ${role}`, facts);
  }
  if (account !== from) await assertAdmin(registry, from);
  const vouchers = role === "minter" ? "; vouchers that it signed mint no more" : "";
  return makeChange(session, {
    verb: "roles revoke",
    consequences: {
      changes: `${account} is no ${role} any more`,
      affects: `it may no longer ${MAY[role]}${vouchers}; what it did stays`,
      undo: "the admin can give the role again",
    },
    question: `Take the role of a ${role} from it?`,
    done: `${account} is no ${role} any more`,
    changed,
    send: async (context) => revokeRole(registry, role, account, context),
  });
}

/** Takes the administration over, by the account that was named. */
export async function runRolesAccept(
  options: ChangeOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const { admin, pending } = await readAdministration(registry);
  if (admin === from) return reportUnchanged(session, "roles accept", `${from} is the admin already`);
  if (pending?.account !== from) {
    throw refused(`${from} was not named as the next admin${pending ? `: that is ${pending.account}` : ""}`);
  }
  if ((await readChainTime(registry)) <= BigInt(pending.acceptableAfter)) {
    throw refused(`the administration can be taken over after ${isoTime(pending.acceptableAfter)}`);
  }
  return makeChange(session, {
    verb: "roles accept",
    consequences: {
      changes: `${from} becomes the admin of the registry in the place of ${admin ?? "nobody"}`,
      affects: "the one before loses all rights of the admin: roles, default royalty, transfer validator, renderer",
      undo: "only by handing it over again, in two steps",
    },
    question: "Take the administration over?",
    done: `${from} is the admin`,
    changed: { role: "admin", before: admin ?? null, after: from },
    send: async (context) => acceptAdminTransfer(registry, context),
  });
}

async function nameAdmin(session: ChangeSession, account: string): Promise<ExitCode> {
  const { registry, from } = session;
  const { admin, pending, delay } = await readAdministration(registry);
  const verb = "roles grant";
  if (admin === account) return reportUnchanged(session, verb, `${account} is the admin already`);
  if (pending?.account === account) {
    const when = isoTime(pending.acceptableAfter);
    return reportUnchanged(
      session,
      verb,
      `${account} is named as the next admin already, and may accept after ${when}`,
    );
  }
  await assertAdmin(registry, from);
  if (account === ZeroAddress) throw zeroAccount();
  const instead = pending === undefined ? "" : ` in the place of ${pending.account}`;
  return makeChange(session, {
    verb,
    consequences: {
      changes: `${account} is named as the next admin${instead}; it becomes the admin when it accepts (roles accept)`,
      affects: `nobody yet: it may accept ${describeSeconds(delay)} from now, and until then ${from} stays the admin`,
      undo: `until it accepted, with: roles revoke admin ${account}`,
    },
    question: "Name it as the next admin?",
    done: `${account} is named as the next admin`,
    changed: { role: "admin", admin: from, before: pending?.account ?? null, after: account, delaySeconds: delay },
    send: async (context) => beginAdminTransfer(registry, account, context),
  });
}

async function forgetAdmin(session: ChangeSession, account: string): Promise<ExitCode> {
  const { registry, from } = session;
  const { admin, pending } = await readAdministration(registry);
  if (admin === account) {
    throw refused(`${account} is the admin: it hands the role over with: roles grant admin ACCOUNT`);
  }
  if (pending?.account !== account) {
    return reportUnchanged(session, "roles revoke", `${account} is neither the admin nor named as the next one`);
  }
  await assertAdmin(registry, from);
  return makeChange(session, {
    verb: "roles revoke",
    consequences: {
      changes: `${account} is no longer named as the next admin`,
      affects: `${account} cannot accept any more; ${from} stays the admin`,
      undo: "it can be named again, and waits again",
    },
    question: "Forget the next admin?",
    done: `${account} is no longer named as the next admin`,
    changed: { role: "admin", admin: from, before: account, after: null },
    send: async (context) => cancelAdminTransfer(registry, context),
  });
}

/** Lists who has which role. Nobody signs. */
export async function runRolesList(
  options: OptionValues<"registryAddress" | "fromBlock" | "role" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const registry = await connectRegistry(connection, options);
  const administration = await readAdministration(registry);
  const all = await listRoleHolders(registry, options.fromBlock);
  const holders = all.filter(({ role }) => options.role === undefined || options.role === role);
  if (options.format === "json") {
    const place = { chainId: Number(registry.chainId), registry: registry.address };
    terminal.print(
      JSON.stringify({ schemaVersion: "1.0", verb: "roles list", ...place, ...administration, holders }, null, 2),
    );
    return EXIT.done;
  }
  const rows = holders.map(({ role, account, grantedBy, blockNumber }) => [role, account, `${blockNumber}`, grantedBy]);
  terminal.print(table([["ROLE", "ACCOUNT", "BLOCK", "GIVEN BY"], ...rows]));
  noteAdministration(administration, terminal);
  return EXIT.done;
}

function noteAdministration({ admin, pending, delay }: Administration, terminal: Terminal): void {
  if (admin === undefined) terminal.note("There is no admin any more: roles, royalty and companions cannot change.");
  if (pending === undefined) return;
  const when = isoTime(pending.acceptableAfter);
  terminal.note(
    `${pending.account} is named as the next admin and may accept after ${when} (${describeSeconds(delay)}).`,
  );
}

function zeroAccount(): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", "ACCOUNT_ADDRESS is the zero address, which nobody has the key of.");
}
