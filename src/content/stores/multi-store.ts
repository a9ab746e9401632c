import type { CID } from "multiformats/cid";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import { assertReiterable } from "../car/block-list.ts";
import type { Block } from "../cid.ts";
import type { Blocks, ContentStore, PinOptions, ReadOptions, StoreRole } from "../content-store.ts";

// Followers fetch from providers; copies that are paid for are made when nothing else can fail any more.
const ORDER: readonly StoreRole[] = ["provider", "follower", "copy"];

/** What became of content in one store; undefined: it was not tried, because of what others answered. */
interface Outcome {
  readonly store: ContentStore;
  readonly error?: unknown;
  readonly tried: boolean;
}

/**
 * Several stores as one. All must confirm a pin; each reads the blocks once, one store after the other.
 *
 * @example
 * const store = new MultiStore([new LocalStore("store"), new PinataStore({ jwt })]);
 */
export class MultiStore implements ContentStore {
  readonly name: string;
  readonly public: boolean;
  readonly #stores: readonly ContentStore[];

  /** @param stores - read from in this order */
  constructor(stores: readonly ContentStore[]) {
    this.#stores = stores;
    this.name = stores.map(({ name }) => name).join(",");
    this.public = stores.some((store) => store.public);
  }

  /**
   * Pins in every store: first in those that provide blocks, then where these are fetched from, then what is a further
   * copy. A failure names who confirmed; run again, and only what is missing is repeated.
   */
  async pin(root: CID, blocks: Blocks, options: PinOptions = {}): Promise<void> {
    assertReiterable(blocks);
    const outcomes: Outcome[] = [];
    for (const store of this.#stores.toSorted((a, b) => rank(a) - rank(b))) {
      if (!mayTry(store, outcomes)) {
        outcomes.push({ store, tried: false });
        continue;
      }
      try {
        await store.pin(root, blocks, options);
        outcomes.push({ store, tried: true });
      } catch (error) {
        if (!isStoreFailure(error)) throw error;
        outcomes.push({ store, tried: true, error });
      }
    }
    assertAllPinned(root, outcomes);
  }

  /** Reads from the first store that has the block; one that is damaged or out of reach is passed over. */
  async get(cid: CID, options?: ReadOptions): Promise<Uint8Array> {
    const failures: ProvenanceError[] = [];
    for (const store of this.#stores) {
      try {
        return await store.get(cid, options);
      } catch (error) {
        if (!(error instanceof ProvenanceError)) throw error;
        failures.push(error);
      }
    }
    throw joinFailures(failures, (text) => text);
  }

  /** Tells whether all of the stores have it. */
  async has(cid: CID): Promise<boolean> {
    const answers = await Promise.all(this.#stores.map(async (store) => store.has(cid)));
    return answers.every(Boolean);
  }

  async quote(blocks: readonly Block[]): Promise<readonly string[]> {
    const quotes = await Promise.all(this.#stores.map(async (store) => store.quote?.(blocks) ?? []));
    return quotes.flat();
  }

  copiesOf(cid: CID): readonly string[] {
    return this.#stores.flatMap((store) => store.copiesOf?.(cid) ?? []);
  }
}

function rank({ role = "provider" }: ContentStore): number {
  return ORDER.indexOf(role);
}

function mayTry({ role = "provider" }: ContentStore, outcomes: readonly Outcome[]): boolean {
  const confirmed = (outcome: Outcome) => outcome.tried && outcome.error === undefined;
  const providers = outcomes.filter(({ store }) => (store.role ?? "provider") === "provider" && store.public);
  // Where no store provides anything to others, the content was said to be elsewhere.
  if (role === "follower") return providers.length === 0 || providers.some(confirmed);
  return role === "provider" || outcomes.every(confirmed);
}

function isStoreFailure(error: unknown): boolean {
  return error instanceof ProvenanceError && error.code !== "INTERRUPTED" && !error.code.startsWith("MODEL_");
}

function assertAllPinned(root: CID, outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter(({ error }) => error !== undefined);
  if (failed.length === 0) return;
  const list = (some: readonly Outcome[]) => some.map(({ store }) => store.name).join(", ");
  const done = outcomes.filter(({ tried, error }) => tried && error === undefined);
  const skipped = outcomes.filter(({ tried }) => !tried);
  throw joinFailures(
    failed.map(({ error }) => error as ProvenanceError),
    (text) =>
      [
        `${root.toString()} is pinned in ${done.length === 0 ? "none of the stores" : list(done)}, not in ${list(failed)}`,
        ...(skipped.length === 0 ? [] : [`, and ${list(skipped)} was not tried`]),
        `: ${text} Run again: what is pinned is not sent twice.`,
      ].join(""),
  );
}

/** One error for several: with their code where they agree. */
function joinFailures(failures: readonly ProvenanceError[], frame: (text: string) => string): ProvenanceError {
  const codes = new Set(failures.map(({ code }) => code));
  const code: ProvenanceErrorCode = codes.size === 1 ? (failures[0] as ProvenanceError).code : "STORE_FAILED";
  return new ProvenanceError(code, frame(failures.map(({ message }) => message).join(" ")), { cause: failures[0] });
}
