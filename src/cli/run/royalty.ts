import { ZeroAddress, formatEther } from "ethers";
import { readRoyalty } from "../../registry/royalties.ts";
import type { Registry } from "../../registry/registry.ts";
import { type ReleasableShare, readShares } from "../../registry/splitter.ts";
import { assertAdmin, assertCreator, refused, requireRecord } from "../../registry/standing.ts";
import { setDefaultRoyalty, setTokenRoyalty } from "../../publish/change-model.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import {
  type ChangeOptions,
  type ChangeSession,
  type RegistryChange,
  makeChange,
  openChange,
} from "../change-registry.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import { type Terminal, table } from "../terminal.ts";

type RoyaltyOptions = ChangeOptions &
  OptionValues<"tokenId" | "royaltyBasisPoints" | "royaltyReceiver" | "defaultRoyalty">;

/** What a sale owes at the price of 10 000 is the rate in basis points. */
const RATE_PRICE = 10_000n;

/** A receiver, and its share of the price. */
export interface Royalty {
  readonly receiver: string;
  readonly basisPoints: number;
}

/** Changes the royalty of a token, or of all tokens without one of their own. */
export async function runRoyaltySet(
  options: RoyaltyOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const { defaultRoyalty: isDefault = false, tokenId: token } = options;
  if (isDefault === (token !== undefined)) {
    throw new ProvenanceError("OPTION_MISSING", "Name either the token (TOKEN_ID) or the default (DEFAULT_ROYALTY=1).");
  }
  const session = await openChange(options, connection, terminal);
  if (token === undefined) return makeChange(session, await defaultChange(session, options));
  const tokenId = await resolveTokenId(token);
  const before = await readRate(session.registry, tokenId);
  const { royaltyReceiver, royaltyBasisPoints } = options;
  if (royaltyReceiver === undefined && royaltyBasisPoints === undefined) {
    throw new ProvenanceError("OPTION_MISSING", "Say what to change: ROYALTY_RECEIVER, ROYALTY_BPS or both.");
  }
  const after = {
    receiver: royaltyReceiver ?? before.receiver,
    basisPoints: royaltyBasisPoints ?? before.basisPoints,
  };
  return makeChange(session, await tokenChange(session, tokenId, before, after));
}

/**
 * The change of a token's royalty.
 *
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` for what the registry would refuse
 */
export async function tokenChange(
  { registry, from }: ChangeSession,
  tokenId: bigint,
  before: Royalty,
  after: Royalty,
): Promise<RegistryChange> {
  assertCreator(await requireRecord(registry, tokenId), from);
  if (after.receiver === ZeroAddress) throw refused("a royalty needs a receiver: set ROYALTY_RECEIVER");
  if (after.basisPoints > before.basisPoints) {
    throw refused(
      `the royalty of a token only falls, and ${after.basisPoints} basis points are above its ${before.basisPoints}`,
    );
  }
  const id = toHex32(tokenId);
  return {
    verb: "royalty set",
    consequences: {
      changes: `the royalty of ${id}: ${describeRoyalty(before)} until now, ${describeRoyalty(after)} from then on`,
      affects: "whoever sells the token, and who is paid",
      undo:
        after.basisPoints < before.basisPoints
          ? "the receiver can change again; the rate never rises again"
          : "the creator can change the receiver again, and lower the rate",
    },
    question: "Change the royalty?",
    done: `the royalty of ${id} is ${describeRoyalty(after)}`,
    changed: { tokenId: id, before, after },
    send: async (context) => setTokenRoyalty(registry, tokenId, after, context),
  };
}

async function defaultChange(session: ChangeSession, options: RoyaltyOptions): Promise<RegistryChange> {
  const { registry, from } = session;
  await assertAdmin(registry, from);
  const basisPoints = required(options, "royaltyBasisPoints");
  const receiver = options.royaltyReceiver ?? ZeroAddress;
  if (basisPoints > 0 && receiver === ZeroAddress) throw refused("a royalty needs a receiver: set ROYALTY_RECEIVER");
  const after = { receiver, basisPoints };
  const before = await readDefault(registry);
  return {
    verb: "royalty set",
    consequences: {
      changes: `the default royalty: ${describeRoyalty(before)} until now, ${describeRoyalty(after)} from then on`,
      affects: "the owners of all tokens without a royalty of their own, those that exist included",
      undo: "the admin can set it again, up to 10 %",
    },
    question: "Change the default royalty?",
    done: `the default royalty is ${describeRoyalty(after)}`,
    changed: { tokenId: null, before, after },
    send: async (context) => setDefaultRoyalty(registry, after, context),
  };
}

/** Prints what a sale of a token owes, and how a splitter divides it. Nobody signs. */
export async function runRoyaltyInfo(
  options: OptionValues<"registryAddress" | "tokenId" | "salePrice" | "currency" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const token = required(options, "tokenId");
  const registry = await connectRegistry(connection, options);
  const tokenId = await resolveTokenId(token);
  await requireRecord(registry, tokenId);
  const royalty = await readRate(registry, tokenId);
  const { salePrice } = options;
  const due = salePrice === undefined ? undefined : await readRoyalty(registry, tokenId, salePrice);
  const shares = await readSharesOf(registry, royalty.receiver, options.currency);
  if (options.format === "json") {
    const document = {
      schemaVersion: "1.0",
      verb: "royalty info",
      chainId: Number(registry.chainId),
      registry: registry.address,
      tokenId: toHex32(tokenId),
      ...royalty,
      ...(due && { salePrice: String(salePrice), amount: String(due.amount) }),
      ...(shares && { currency: options.currency ?? null, shares: shares.map(toJson) }),
    };
    terminal.print(JSON.stringify(document, null, 2));
    return EXIT.done;
  }
  terminal.print(describeRoyalty(royalty));
  if (due && salePrice !== undefined) {
    terminal.print(`a sale at ${formatEther(salePrice)} ether owes ${formatEther(due.amount)} ether`);
  }
  if (shares !== undefined) terminal.print(sharesTable(shares, options.currency));
  return EXIT.done;
}

/** The receiver and rate that apply to a token now. */
export async function readRate(registry: Registry, tokenId: bigint): Promise<Royalty> {
  const { receiver, amount } = await readRoyalty(registry, tokenId, RATE_PRICE);
  return { receiver, basisPoints: Number(amount) };
}

/** Writes a royalty as a person reads it. */
export function describeRoyalty({ receiver, basisPoints }: Royalty): string {
  if (receiver === ZeroAddress || basisPoints === 0) return "none";
  return `${basisPoints / 100} % (${basisPoints} basis points) to ${receiver}`;
}

// Zero is no model's digest, so its royalty is the default.
async function readDefault(registry: Registry): Promise<Royalty> {
  return readRate(registry, 0n);
}

/**
 * Reads the shares of the receiver of a royalty, and what is due to each; undefined where it is no splitter.
 *
 * @param currency - an ERC-20 token; ether when left out
 */
export async function readSharesOf(
  { provider }: Registry,
  receiver: string,
  currency: string = ZeroAddress,
): Promise<ReleasableShare[] | undefined> {
  if (receiver === ZeroAddress) return undefined;
  try {
    return await readShares(provider, receiver, currency);
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "OPTION_INVALID") return undefined;
    throw error;
  }
}

function toJson({ payee, share, releasable, released }: ReleasableShare) {
  return { payee, share: Number(share), releasable: String(releasable), released: String(released) };
}

/** Writes an amount of ether, or of the smallest unit of a token. */
export function describeAmount(amount: bigint, currency: string | undefined): string {
  return currency === undefined ? `${formatEther(amount)} ether` : `${amount} units of ${currency}`;
}

function sharesTable(shares: readonly ReleasableShare[], currency: string | undefined): string {
  const total = shares.reduce((sum, { share }) => sum + share, 0n);
  const rows = shares.map(({ payee, share, releasable, released }) => [
    payee,
    `${share} of ${total}`,
    describeAmount(releasable, currency),
    describeAmount(released, currency),
  ]);
  return `divided by a splitter\n${table([["PAYEE", "SHARE", "DUE", "PAID"], ...rows])}`;
}
