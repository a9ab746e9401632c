import { readAnchor } from "../../registry/batches/anchors.ts";
import type { ModelRecord, Status } from "../../registry/model-record.ts";
import { hasRole } from "../../registry/roles.ts";
import { assertStatusAllowed, requireRecord } from "../../registry/standing.ts";
import { type StatusChange, type StatusStatement, readStatus } from "../../registry/statuses.ts";
import { setAnchorStatus, setStatus } from "../../publish/change-model.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import {
  type ChangeOptions,
  type ChangeSession,
  type Consequences,
  makeChange,
  openChange,
  reportUnchanged,
} from "../change-registry.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type StatusOptions = ChangeOptions & OptionValues<"newStatus" | "reason">;

/** What the registry stores. */
const MAX_REASON_BYTES = 256;

/** Sets the status of a model. */
export async function runStatusSet(
  options: StatusOptions & OptionValues<"tokenId">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [token, status, reason] = [required(options, "tokenId"), required(options, "newStatus"), readReason(options)];
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const tokenId = await resolveTokenId(token);
  const record = await requireRecord(registry, tokenId);
  const what = `the model ${toHex32(tokenId)}`;
  const changed = { tokenId: toHex32(tokenId), before: record.status, after: status, reason };
  const by = {
    isOwner: record.owner === from,
    isCreator: record.creator === from,
    isCurator: await isCurator(session),
  };
  if (record.status === status && !rewords(await readStatus(registry, tokenId), { status, reason }, from)) {
    return reportUnchanged(session, "status set", `${what} is ${status} already`, changed);
  }
  assertStatusAllowed(what, record.status, status, from, by);
  return makeChange(session, {
    verb: "status set",
    consequences: describeStatus(what, record.status, status, by.isCurator, describePeople(record)),
    question: questionOf(status),
    done: `${what} is ${status}`,
    changed,
    send: async (context) => setStatus(registry, tokenId, { status, reason }, context),
  });
}

/** Sets the status of a whole anchored batch. */
export async function runStatusSetBatch(
  options: StatusOptions & OptionValues<"batchRoot" | "batchCreator">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [root, status, reason] = [required(options, "batchRoot"), required(options, "newStatus"), readReason(options)];
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const creator = options.batchCreator ?? from;
  const anchor = await readAnchor(registry, root, creator);
  if (anchor === undefined) {
    const text = `${creator} anchored no batch ${root} in this registry. Set BATCH_CREATOR to who did.`;
    throw new ProvenanceError("ANCHOR_UNKNOWN", text);
  }
  const what = `the batch ${root} of ${anchor.count} models`;
  const changed = { root, creator, count: Number(anchor.count), before: anchor.status, after: status, reason };
  const by = { isOwner: false, isCreator: creator === from, isCurator: await isCurator(session) };
  if (anchor.status === status && !rewords(anchor.statement, { status, reason }, from)) {
    return reportUnchanged(session, "status set-batch", `${what} is ${status} already`, changed);
  }
  assertStatusAllowed(what, anchor.status, status, from, by);
  return makeChange(session, {
    verb: "status set-batch",
    consequences: describeStatus(
      what,
      anchor.status,
      status,
      by.isCurator,
      "tokens that were minted from it keep theirs",
    ),
    question: questionOf(status),
    done: `${what} is ${status}`,
    changed,
    send: async (context) => setAnchorStatus(registry, { root, creator }, { status, reason }, context),
  });
}

/** The same warning by another account or in other words is a change: it may be held by who is stronger. */
function rewords(before: StatusStatement | undefined, after: StatusChange, account: string): boolean {
  return after.status === "deprecated" && (before?.account !== account || before.reason !== after.reason);
}

async function isCurator({ registry, from }: ChangeSession): Promise<boolean> {
  return hasRole(registry, "curator", from);
}

function describePeople({ owner, creator }: ModelRecord): string {
  return owner === creator ? `its creator and owner is ${owner}` : `its creator is ${creator}, its owner ${owner}`;
}

function describeStatus(what: string, before: Status, after: Status, isCurator: boolean, people: string): Consequences {
  return { changes: `${what}, ${before} until now, becomes ${after}`, ...STATUS_MEANS[after](isCurator, people) };
}

const STATUS_MEANS: Record<Status, (isCurator: boolean, people: string) => Omit<Consequences, "changes">> = {
  active: (_, people) => ({
    affects: `verifiers accept it again; wallets show its own metadata; ${people}`,
    undo: "it can be deprecated or revoked again",
  }),
  deprecated: (isCurator, people) => ({
    affects: `verifiers warn of it; wallets and marketplaces say that it should not be relied on; ${people}`,
    undo: isCurator
      ? "by a curator: what a curator deprecates only a curator lifts"
      : "by this account or a stronger one (curator over creator over owner): status set active",
  }),
  revoked: (_, people) => ({
    affects: `verifiers refuse it and, where their policy says so, all models derived from it; nothing new can name it as a parent; ${people}`,
    undo: "never: a revocation is final, for everybody",
  }),
};

function questionOf(status: Status): string {
  if (status === "revoked") return "Revoke it for ever?";
  return status === "deprecated" ? "Deprecate it?" : "Make it active?";
}

function readReason({ reason = "" }: OptionValues<"reason">): string {
  if (Buffer.byteLength(reason) <= MAX_REASON_BYTES) return reason;
  const text = `STATUS_REASON has more than ${MAX_REASON_BYTES} bytes, which the registry would refuse. Shorten it, or link to it.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}
