import { readCount, readRegistry } from "../lib/question.ts";
import type { AskPonder } from "./ask-ponder.ts";
import type { Documents } from "./documents/documents.ts";
import { findStanding } from "./find-anchored.ts";
import { Refusal } from "./limits.ts";

const MAX_ANSWER = 2 * 1024 * 1024;
const MAX_QUESTION = 500;
const MOST = 100;

/** `/search?q=&registry=&limit=`: the models whose metadata hold words, the best first; tokens and those in batches. */
export async function search(
  url: URL,
  context: { readonly documents: Documents; readonly ask: AskPonder },
): Promise<Record<string, unknown>> {
  const words = url.searchParams.get("q")?.trim() ?? "";
  if (words === "" || words.length > MAX_QUESTION) {
    throw new Refusal(400, `/search takes q=…, words of at most ${MAX_QUESTION} characters.`);
  }
  const limit = readCount("limit", url.searchParams.get("limit") ?? "", { most: MOST, fallback: 20 });
  const registry = readRegistry(url.searchParams.get("registry") ?? "");
  const wanted = registry && `eip155:${registry.chainId}:${registry.address}`;
  const found = await context.documents.search(words.replaceAll("\0", " "), limit);
  const digests = found.map(({ metadataDigest }) => metadataDigest);
  if (digests.length === 0) return { results: [] };
  const [{ text }, anchored] = await Promise.all([
    context.ask("/by-metadata", MAX_ANSWER, JSON.stringify(digests)),
    findStanding("metadata_digest", digests, context),
  ]);
  const { models = [] } = JSON.parse(text) as {
    models?: { registry: string; tokenId: string; metadataDigest: string; status: number }[];
  };
  const places = [
    ...models.map((model) => ({ ...model, anchored: false })),
    ...anchored.map((model) => ({ ...model, anchored: true })),
  ].filter((place) => wanted === undefined || place.registry === wanted);
  const byDigest = Map.groupBy(places, ({ metadataDigest }) => metadataDigest);
  const results = found.flatMap(({ metadataDigest, summary }) =>
    (byDigest.get(metadataDigest) ?? []).map(({ registry: place, tokenId, status, anchored: isAnchored }) => {
      return { registry: place, tokenId, status, anchored: isAnchored, metadataDigest, ...(summary as object) };
    }),
  );
  return { results: results.slice(0, limit) };
}
