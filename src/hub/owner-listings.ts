import { ProvenanceError } from "../base/errors.ts";
import type { Hub } from "./hub.ts";
import type { RecordedLine } from "./import-state.ts";
import { listModels } from "./select-models.ts";

// A listing names hundreds of models a request, and all of an owner, not only those that were recorded.
const FEWEST_RECORDED = 8;
const MOST_LISTED_OF_EACH = 100;

/**
 * What the Hub lists of those owners of whom several models were recorded: one request for hundreds of models. Only what it
 * says of a model's commit counts; of one that it leaves out, or says something else of, the Hub is to be asked.
 */
export class OwnerListings {
  readonly #hub: Hub;
  readonly #recorded = new Map<string, Set<string>>();
  readonly #listed = new Map<string, Promise<ReadonlyMap<string, unknown>>>();

  constructor(hub: Hub, recorded: Iterable<RecordedLine>) {
    this.#hub = hub;
    for (const { repository, reference } of recorded) {
      if (reference !== undefined) continue;
      const owner = ownerOf(repository);
      this.#recorded.set(owner, (this.#recorded.get(owner) ?? new Set()).add(repository));
    }
  }

  /** Whether the Hub lists a public model under the name, and at the newest commit, that were recorded. */
  async holds({ repository, reference, revision }: RecordedLine): Promise<boolean> {
    const owner = ownerOf(repository);
    const names = this.#recorded.get(owner);
    if (reference !== undefined || names === undefined || names.size < FEWEST_RECORDED) return false;
    const listed = this.#listed.get(owner) ?? this.#list(owner, names);
    this.#listed.set(owner, listed);
    return (await listed).get(repository) === revision;
  }

  /** A listing that fails, or breaks off, says nothing of the rest. */
  async #list(owner: string, names: ReadonlySet<string>): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    try {
      for await (const entry of listModels(this.#hub, { author: owner }, names.size * MOST_LISTED_OF_EACH, ["sha"])) {
        if (names.has(entry.name) && entry.private === false) found.set(entry.name, entry.sha);
        if (found.size === names.size) break;
      }
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
    }
    return found;
  }
}

function ownerOf(repository: string): string {
  return repository.split("/")[0] as string;
}
