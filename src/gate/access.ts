import { type ModelRecord, readModelRecord } from "../registry/model-record.ts";
import { describeNodeHealth } from "../registry/node-health.ts";
import type { Registry } from "../registry/registry.ts";
import { hasAccess } from "../registry/usage.ts";
import { holdsLicense } from "../registry/market/licenses.ts";
import type { Market } from "../registry/market/market.ts";
import { ProvenanceError } from "../base/errors.ts";
import { Refusal } from "./refusal.ts";

const MAX_ACCOUNTS = 10_000;
// How long a node that was up to date is taken to be, in milliseconds.
const HEALTH_LIFETIME = 30_000;

/** What the chain said of an account. */
interface Answer {
  readonly askedAt: number;
  readonly allowed: Promise<boolean>;
}

/** Asks the chain who may use a model, and remembers the answer for a short time. */
export class Access {
  readonly #answers = new Map<string, Answer>();
  readonly #ask: (account: string) => Promise<boolean>;
  readonly #lifetime: number;
  readonly #now: () => number;

  /**
   * @param ask - whether an account may use the model at this moment
   * @param lifetime - how long an answer counts, in milliseconds, as `now`
   */
  constructor(ask: (account: string) => Promise<boolean>, lifetime: number, now: () => number) {
    this.#ask = ask;
    this.#lifetime = lifetime;
    this.#now = now;
  }

  /**
   * Tells whether an account may use the model. Requests at the same time are one question; an answer that still counts is
   * given at once, so that each piece of a download may ask.
   *
   * @param fresh - ask, whatever was said before
   * @throws {Refusal} 503 where the chain does not answer: nobody is let in unseen
   */
  async isAllowed(account: string, fresh = false): Promise<boolean> {
    const known = this.#answers.get(account);
    if (!fresh && known !== undefined && this.#isFresh(known)) return known.allowed;
    const answer = { askedAt: this.#now(), allowed: this.#question(account) };
    this.#makeRoom();
    this.#answers.delete(account);
    this.#answers.set(account, answer);
    return answer.allowed;
  }

  #isFresh({ askedAt }: Answer): boolean {
    return this.#now() - askedAt < this.#lifetime;
  }

  #question(account: string): Promise<boolean> {
    const allowed = this.#ask(account).catch((cause: unknown) => {
      this.#answers.delete(account);
      throw new Refusal(503, "chain_unavailable", "The chain cannot be asked now. Try again.", { cause });
    });
    allowed.catch(() => undefined); // whoever asked is told; nobody else has to be
    return allowed;
  }

  #makeRoom(): void {
    for (const [account, answer] of this.#answers) {
      if (this.#isFresh(answer) && this.#answers.size < MAX_ACCOUNTS) return;
      this.#answers.delete(account);
    }
  }
}

/** One reason to let an account in. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export type AccessSource = (account: string) => Promise<boolean>;

/**
 * The registry as a reason: the owner of the token, and who holds a grant of theirs that has not expired; nobody where the
 * model was revoked; the batch that the token may come from is not looked at.
 */
export function registrySource(registry: Registry, tokenId: bigint): AccessSource {
  return async (account) => {
    const [record, allowed] = await Promise.all([
      readModelRecord(registry, tokenId),
      hasAccess(registry, tokenId, account),
    ]);
    return allowed && isServed(record);
  };
}

/** A market as a reason: who holds a licence that has not ended. Whether a revocation ends it the licence says. */
export function marketSource(market: Market, registry: Pick<Registry, "address">, tokenId: bigint): AccessSource {
  return async (account) => holdsLicense(market, { registry: registry.address, tokenId }, account);
}

/**
 * Asks all sources: one that says yes is enough, and where none does each must have said no. A node that is behind its
 * chain may not know of a transfer: what it says does not count.
 *
 * @param now - Unix time in milliseconds
 * @returns a question that throws `CHAIN_UNREACHABLE`
 */
export function askSources(
  registry: Pick<Registry, "provider" | "chainId">,
  sources: readonly AccessSource[],
  now: () => number = Date.now,
): AccessSource {
  let healthyAt = -Infinity;
  const assertHealthy = async () => {
    if (now() - healthyAt < HEALTH_LIFETIME) return;
    const [fault] = await describeNodeHealth(registry.provider, registry.chainId, now());
    if (fault !== undefined) throw new ProvenanceError("CHAIN_UNREACHABLE", fault);
    healthyAt = now();
  };
  return async (account) => {
    await assertHealthy();
    const answers = await Promise.allSettled(sources.map(async (source) => source(account)));
    if (answers.some((answer) => answer.status === "fulfilled" && answer.value)) return true;
    for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
    return false;
  };
}

function isServed(record: ModelRecord | undefined): boolean {
  return record !== undefined && record.status !== "revoked";
}
