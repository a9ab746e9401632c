import { createHash } from "node:crypto";
import type { PipelineType } from "@huggingface/hub";
import { ProvenanceError } from "../base/errors.ts";
import { type Hub, clientOptions, fetchPages, loadHubClient } from "./hub.ts";
import { type HubEntry, INFO_FIELDS, asAnswerInvalid } from "./hub-info.ts";
import { type HubReference, parseHubPath } from "../metadata/repo-id.ts";

/** Which models are meant. What is named is taken as it is; the others are found by the Hub. */
export interface ModelSelection {
  /** `owner/name`, with `@revision` or without. */
  readonly models?: readonly string[];
  /** So many at random, of those that the other filters leave. */
  readonly random?: number;
  /** Decides which; the same seed chooses the same ones of the same models. */
  readonly seed?: string;
  readonly author?: string;
  readonly search?: string;
  /** `pipeline_tag`. */
  readonly task?: string;
  /** At most so many. */
  readonly limit?: number;
}

/** A model that was selected: its name alone, or with what the listing said of it, so that nobody asks again. */
export interface SelectedModel {
  readonly reference: HubReference;
  readonly entry?: HubEntry;
  /** Why it cannot be meant: what was given names no model. */
  readonly fault?: ProvenanceError;
}

/** Of so many of the models listed first the random ones are chosen. */
const RANDOM_POOL = 1000;
// A list that changes while it is read may name a model twice; one that never ends names them all.
const MAX_REPEATED = 1000;
const PAGE_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Names the models that are meant, as the Hub lists them; nothing of a listing is kept.
 *
 * @throws {ProvenanceError} `OPTION_MISSING` where nothing is selected, and as the Hub's requests
 */
export async function* selectModels(hub: Hub, selection: ModelSelection): AsyncGenerator<SelectedModel, void> {
  const { models, random, author, search, task, limit = Infinity } = selection;
  if (models !== undefined) {
    for (const name of models) yield readName(name);
    return;
  }
  if (random !== undefined) {
    for (const id of await chooseRandom(hub, selection, random)) yield { reference: { id } };
    return;
  }
  if (author === undefined && search === undefined && task === undefined) {
    const text = "No model is selected: name some, or say --random, --author, --search, --task or --list.";
    throw new ProvenanceError("OPTION_MISSING", text);
  }
  for await (const entry of listModels(hub, selection, limit, INFO_FIELDS))
    yield { reference: { id: entry.name }, entry };
}

/** One name that is none does not stop the others. */
function readName(name: string): SelectedModel {
  try {
    return { reference: parseHubPath(name) };
  } catch (error) {
    if (error instanceof ProvenanceError) return { reference: { id: name }, fault: error };
    throw error;
  }
}

/**
 * Chooses models by the hash of their name and the seed, the smallest first. A model more or less in the Hub's list
 * changes the choice by at most one; an order by chance would make it another one.
 */
async function chooseRandom(hub: Hub, selection: ModelSelection, count: number): Promise<string[]> {
  const rank = (id: string) =>
    createHash("sha256")
      .update(`${selection.seed ?? ""}\n${id}`)
      .digest("hex");
  const pool: { id: string; rank: string }[] = [];
  for await (const { name: id } of listModels(hub, selection, Math.max(RANDOM_POOL, 2 * count), [])) {
    pool.push({ id, rank: rank(id) });
  }
  return pool
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id);
}

/**
 * Lists the models of the Hub that filters leave, each once, those first that are downloaded most.
 *
 * @param additionalFields - of each entry, beside its name
 * @throws {ProvenanceError} as the Hub's requests
 */
export async function* listModels(
  hub: Hub,
  { author, search, task }: ModelSelection,
  limit: number,
  additionalFields: readonly (typeof INFO_FIELDS)[number][],
): AsyncGenerator<HubEntry, void> {
  const filter = {
    ...(author !== undefined && { owner: author }),
    ...(search !== undefined && { query: search }),
    ...(task !== undefined && { task: task as PipelineType }),
  };
  const client = await loadHubClient();
  const entries = client.listModels({
    ...clientOptions(hub),
    search: filter,
    sort: "downloads",
    ...(limit !== Infinity && { limit }),
    additionalFields: [...additionalFields],
    fetch: fetchPages(hub, { maxBytes: PAGE_MAX_BYTES, what: "the list of models" }),
  });
  const seen = new Set<unknown>();
  let again = 0;
  try {
    for await (const entry of entries) {
      if (seen.has(entry.name) && ++again > MAX_REPEATED) throw new Error("it names the same models again and again");
      if (!seen.has(entry.name)) yield entry;
      seen.add(entry.name);
    }
  } catch (cause) {
    throw asAnswerInvalid("the list of models", cause);
  }
}
