import { sha256 } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { readTerms } from "../market/read-terms.ts";
import { type Hex, ZERO_DIGEST, toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { setDerivativeTerms, setUpstream } from "../../publish/market/revenue.ts";
import type { ModelRecord } from "../../registry/model-record.ts";
import { type ParentShare, readDerivativeTerms, readUpstream } from "../../registry/market/revenue.ts";
import { assertOwner, refused, requireRecord } from "../../registry/standing.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { type ChangeOptions, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import type { ExitCode } from "../exit-codes.ts";
import { describeShares } from "../market/describe-offer.ts";
import { requireMarket } from "../market/open-market.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type UpstreamOptions = ChangeOptions &
  OptionValues<"market" | "tokenId" | "shares" | "minimumBasisPoints" | "termsPath">;

/** Sets what part of a model's revenue belongs to each of its parents, or agrees to it. */
export async function runRevenueUpstream(
  options: UpstreamOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const wanted = readShares(required(options, "shares"));
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const record = await requireRecord(registry, tokenId);
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  if (from !== record.creator && from !== record.owner) {
    throw refused(`${from} is neither the creator ${record.creator} nor the owner ${record.owner}`);
  }
  const model = { registry: registry.address, tokenId };
  const before = await readUpstream(market, model);
  const after = inOrder(record, wanted);
  const changed = { tokenId: toHex32(tokenId), before: before.shares.map(toJson), after: after.map(toJson) };
  if (before.version > 0 && describeShares(before.shares) === describeShares(after)) {
    return reportUnchanged(session, "revenue upstream", `the shares are ${describeShares(after)} already`, changed);
  }
  const other = from === record.creator ? record.owner : record.creator;
  const needs = other === from ? "" : `, once ${other} agrees by the same command`;
  return makeChange(session, {
    verb: "revenue upstream",
    consequences: {
      changes: `of what the model brings from now on the parents get ${describeShares(after)}${needs}`,
      affects: "you, and who owns the parents when it is settled; what came in before is divided as it was",
      undo: "shares may fall until a licence of the model is offered for the first time, and never after that",
    },
    question: "Set the shares?",
    done:
      needs === ""
        ? `the parents get ${describeShares(after)}`
        : `you agreed that the parents get ${describeShares(after)}, which holds once ${other} agrees too`,
    changed,
    send: async (context) =>
      setUpstream(
        market,
        model,
        after.map(({ basisPoints }) => basisPoints),
        context,
      ),
  });
}

/** Says what children that offer licences here owe a model. */
export async function runRevenueTerms(
  options: UpstreamOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const minimumBasisPoints = required(options, "minimumBasisPoints");
  const { termsPath } = options;
  const termsDigest = termsPath === undefined ? ZERO_DIGEST : (sha256(await readTerms(termsPath)) as Hex);
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  assertOwner(await requireRecord(registry, tokenId), from);
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  const model = { registry: registry.address, tokenId };
  const before = await readDerivativeTerms(market, model);
  const after = { minimumBasisPoints, termsDigest };
  return makeChange(session, {
    verb: "revenue terms",
    consequences: {
      changes: `children offer licences in this market only where they owe ${toHex32(tokenId)} at least ${minimumBasisPoints} basis points`,
      affects: "offers of children that are opened from now on, in this market and nowhere else",
      undo: "the owner can set it again at any time",
    },
    question: "Set the terms?",
    done: `children owe at least ${minimumBasisPoints} basis points`,
    changed: { tokenId: toHex32(tokenId), before: before ?? null, after },
    send: async (context) => setDerivativeTerms(market, model, after, context),
  });
}

function inOrder({ tokenId, parents }: ModelRecord, wanted: ReadonlyMap<bigint, number>): ParentShare[] {
  if (parents.length === 0) throw refused(`the model ${toHex32(tokenId)} has no parents in its registry`);
  for (const parentId of wanted.keys()) {
    if (!parents.includes(parentId)) throw refused(`${toHex32(parentId)} is no parent of ${toHex32(tokenId)}`);
  }
  return parents.map((parentId) => ({ parentId, basisPoints: wanted.get(parentId) ?? 0 }));
}

/** Reads 0x…=1000; each parent once. */
function readShares(texts: readonly string[]): Map<bigint, number> {
  const shares = new Map<bigint, number>();
  for (const text of texts) {
    const [, id, points] = /^(0x[0-9a-fA-F]{64})=(\d{1,4})$/.exec(text.trim()) ?? [];
    if (id === undefined || shares.has(BigInt(id))) {
      const fault = `UPSTREAM_SHARES takes each parent once, with basis points, 0x…=1000, got ${JSON.stringify(text)}.`;
      throw new ProvenanceError("OPTION_INVALID", fault);
    }
    shares.set(BigInt(id), Number(points));
  }
  return shares;
}

function toJson({ parentId, basisPoints }: ParentShare) {
  return { parentId: toHex32(parentId), basisPoints };
}
