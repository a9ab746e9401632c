import { toHex32 } from "../lib/question.ts";
import type { AskPonder } from "./ask-ponder.ts";
import type { AnchoredModel, Documents } from "./documents/documents.ts";

/** A model in a batch that is on a chain now. */
export interface StandingModel extends AnchoredModel {
  readonly metadataDigest: string;
  /** Of the batch, in the order of the contract's `Status`. */
  readonly status: number;
  /** Unix time in seconds. */
  readonly anchoredAt: number;
}

const MAX_ANSWER = 2 * 1024 * 1024;
const LIMIT = 500;

/** Finds models in batches, and leaves out batches that no chain has any more, for a block was replaced. */
export async function findStanding(
  by: Parameters<Documents["findAnchored"]>[0],
  values: readonly string[],
  { documents, ask }: { readonly documents: Documents; readonly ask: AskPonder },
): Promise<StandingModel[]> {
  const found = await documents.findAnchored(by, values, LIMIT);
  if (found.length === 0) return [];
  const roots = [...new Set(found.map(({ root }) => root))];
  const { text } = await ask("/anchors", MAX_ANSWER, JSON.stringify(roots));
  const { anchors = [] } = JSON.parse(text) as {
    anchors?: { registry: string; root: string; creator: string; status: number; anchoredAt: number }[];
  };
  const keyOf = ({ registry, root, creator }: { registry: string; root: string; creator: string }) =>
    `${registry} ${root} ${creator}`.toLowerCase();
  const standing = new Map(anchors.map((anchor) => [keyOf(anchor), anchor]));
  return found.flatMap((model) => {
    const anchor = standing.get(keyOf(model));
    return anchor === undefined ? [] : [{ ...model, status: anchor.status, anchoredAt: anchor.anchoredAt }];
  });
}

/** How an answer names a model in a batch. */
export function toCandidate({ registry, root, creator, tokenId, status, anchoredAt }: StandingModel) {
  return { registry, tokenId: toHex32(tokenId), root, creator, status, anchoredAt };
}
