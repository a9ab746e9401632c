import type { CID } from "multiformats/cid";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import { type Wait, waitFor } from "../../base/http/retry.ts";
import { MAX_BLOCK_BYTES } from "../cid.ts";
import type { BlockSource, ReadOptions } from "../content-store.ts";
import { type BlockFault, Gateway, type GatewaySettings, type OpenGateway } from "./gateway.ts";
import { type HedgeDelays, type RaceOutcome, race } from "./race.ts";

/** Options of {@link GatewayBlocks}. */
export interface GatewayBlocksOptions {
  /** Told once of each gateway that answers wrong bytes, or does not answer. */
  readonly warn?: (text: string) => void;
  readonly settings?: GatewaySettings;
  readonly hedge?: HedgeDelays;
  /** How to wait, in milliseconds, until the signal. */
  readonly wait?: Wait;
}

const HEDGE: HedgeDelays = { idle: 1500, slow: 10_000 };
const ROUNDS = 3;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

interface Entrant {
  readonly gateway: Gateway;
  readonly breaker: Breaker;
}

/**
 * Reads blocks from IPFS gateways nobody has to trust, in their order: the next one is asked when one fails or is slow,
 * every block is checked against its CID, and a gateway that fails again and again is asked last.
 */
export class GatewayBlocks implements BlockSource {
  readonly #entrants: readonly Entrant[];
  readonly #options: GatewayBlocksOptions;

  /**
   * @param addresses - `https://host`, those to ask first in front
   * @param open - makes what sends requests to one of them
   * @throws {ProvenanceError} `OPTION_INVALID` for what is no address of a gateway
   */
  constructor(addresses: readonly string[], open: OpenGateway, options: GatewayBlocksOptions = {}) {
    this.#entrants = addresses.map((address) => ({
      gateway: new Gateway(address, open, options.settings),
      breaker: new Breaker(),
    }));
    this.#options = options;
  }

  /** The gateways' names, without what may be secret. */
  get names(): string[] {
    return this.#entrants.map(({ gateway }) => gateway.name);
  }

  async get(cid: CID, { maxBytes = MAX_BLOCK_BYTES, signal }: ReadOptions = {}): Promise<Uint8Array> {
    let entrants = this.#inOrder();
    const faults = new Map<Entrant, BlockFault>();
    for (let round = 1; ; round++) {
      const outcome = await this.#race(entrants, cid, maxBytes, signal);
      this.#judge(entrants, cid, outcome);
      if (outcome.bytes !== undefined) return outcome.bytes;
      signal?.throwIfAborted();
      outcome.faults.forEach((fault, i) => fault && faults.set(entrants[i] as Entrant, fault));
      const usual = FIRST_WAIT * 2 ** (round - 1);
      const waits = outcome.faults.map((fault) => (fault?.again ? (fault.retryAfter ?? usual) : Infinity));
      const pause = Math.min(...waits);
      if (round === ROUNDS || !(pause <= LONGEST_WAIT)) throw notGot(cid, faults);
      await this.#wait(pause, signal);
      entrants = entrants.filter((_, i) => (waits[i] as number) <= pause);
    }
  }

  #inOrder(): Entrant[] {
    return [
      ...this.#entrants.filter(({ breaker }) => !breaker.open),
      ...this.#entrants.filter(({ breaker }) => breaker.open),
    ];
  }

  async #race(entrants: readonly Entrant[], cid: CID, maxBytes: number, signal: AbortSignal | undefined) {
    const runners = entrants.map(({ gateway }) => async (called: AbortSignal, onBytes: () => void) => {
      return gateway.read(cid, { maxBytes, signal: called, onBytes });
    });
    return race(runners, this.#options.hedge ?? HEDGE, signal);
  }

  #judge(entrants: readonly Entrant[], cid: CID, { winner, faults, overtaken }: RaceOutcome): void {
    entrants.forEach(({ gateway, breaker }, i) => {
      const fault = faults[i];
      if (i === winner) breaker.succeed();
      else if (fault?.kind === "wrong") {
        if (breaker.lie()) this.#warnOf(gateway, `${fault.text} for ${cid.toString()}`);
      } else if (fault?.kind === "unavailable" || fault?.kind === "refused" || overtaken.includes(i)) {
        if (breaker.strike()) this.#warnOf(gateway, fault?.text ?? "answers too slowly");
      }
    });
  }

  #warnOf({ name }: Gateway, text: string): void {
    const last = this.#entrants.length > 1 ? ": it is asked last from now on" : "";
    this.#options.warn?.(`The gateway ${name} ${text}${last}.`);
  }

  async #wait(pause: number, signal: AbortSignal | undefined): Promise<void> {
    const wait = this.#options.wait ?? waitFor;
    await wait(pause, signal).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  }
}

/** Says of each gateway why it did not help. What may work later is said to be worth another try. */
function notGot(cid: CID, faults: ReadonlyMap<Entrant, BlockFault>): ProvenanceError {
  const kinds = new Set([...faults.values()].map(({ kind }) => kind));
  const code: ProvenanceErrorCode = kinds.has("unavailable")
    ? "STORE_FAILED"
    : kinds.has("wrong")
      ? "STORE_BLOCK_CORRUPT"
      : kinds.has("missing")
        ? "STORE_BLOCK_MISSING"
        : "STORE_FAILED";
  const reasons = [...faults].map(([{ gateway }, { text }]) => `${gateway.name} ${text}`).join("; ");
  const advice = code === "STORE_FAILED" ? "Try again later, or name another gateway" : "Name another gateway";
  return new ProvenanceError(code, `The block ${cid.toString()} was not got: ${reasons}. ${advice} in IPFS_GATEWAYS.`);
}

/** Failures in a row after which a gateway is asked last. */
const STRIKES = 3;

/** Remembers within one run how a gateway fared: those that fail are asked after all others. */
class Breaker {
  #strikes = 0;
  #lied = false;

  /** True when the gateway is to be asked only where no other one helps. */
  get open(): boolean {
    return this.#lied || this.#strikes >= STRIKES;
  }

  /** It gave what was asked for. Who lied once is asked last all the same. */
  succeed(): void {
    this.#strikes = 0;
  }

  /** It failed, or another one was faster though asked later. @returns true when that opened the breaker */
  strike(): boolean {
    return !this.#lied && ++this.#strikes === STRIKES;
  }

  /** It answered something else than was asked for. @returns true the first time */
  lie(): boolean {
    const first = !this.#lied;
    this.#lied = true;
    return first;
  }
}
