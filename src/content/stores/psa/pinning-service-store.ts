import type { CID } from "multiformats/cid";
import { z } from "zod";
import { ProvenanceError } from "../../../base/errors.ts";
import { forEachBlock, toRawBlock } from "../../car/block-list.ts";
import type { Blocks, ContentStore, PinOptions } from "../../content-store.ts";
import { HttpClient, type HttpLimits } from "../../../base/http/http-client.ts";
import { redact } from "../../../base/http/http-failure.ts";
import { throwIfInterrupted, waitFor, withRetries } from "../../../base/http/retry.ts";

/** A service of the IPFS Pinning Service API, and how it is reached. */
export interface PinningServiceStoreOptions extends HttpLimits {
  /** What the vendor calls its endpoint; `/pins` is below it. */
  readonly url: string;
  /** Bearer token. Never shown. */
  readonly token: string;
  /** Multiaddresses of nodes that have the content, at most 20: the service connects to them first. */
  readonly origins?: readonly string[];
  /** How long the service may take to fetch and pin, in milliseconds; 600 000 unless given. */
  readonly deadline?: number;
}

const STATUSES = ["queued", "pinning", "pinned", "failed"] as const;
const pinStatus = z.object({
  requestid: z.string(),
  status: z.enum(STATUSES),
  pin: z.object({ cid: z.string() }),
  info: z.record(z.string(), z.unknown()).nullish(),
});
type PinStatus = z.infer<typeof pinStatus>;
const pinResults = z.object({ results: z.array(pinStatus) });

const DEADLINE = 600_000;
const FIRST_POLL = 1000;
const LONGEST_POLL = 15_000;
const PINS_AT_ONCE = 4;
const ADVICE: Readonly<Record<number, string>> = {
  401: "It does not know the token: check PSA_TOKEN.",
  403: "The token may not pin: check PSA_TOKEN and its rights.",
  404: "There is no pinning service: check PSA_URL, which ends before /pins.",
  409: "The account has no funds for this.",
};

/**
 * Any service of the IPFS Pinning Service API. It is told a CID and fetches the blocks itself, so another store has to
 * provide them.
 *
 * @example
 * const store = new MultiStore([pinata, new PinningServiceStore({ url, token })]);
 * @see https://ipfs.github.io/pinning-services-api-spec/ (1.0.0)
 */
export class PinningServiceStore implements ContentStore {
  readonly name = "psa";
  readonly public = true;
  readonly role = "follower";
  readonly #client: HttpClient;
  readonly #options: PinningServiceStoreOptions;

  /** @throws {ProvenanceError} `OPTION_INVALID` for a URL that would send the token in the clear */
  constructor(options: PinningServiceStoreOptions) {
    this.#options = options;
    const service = {
      name: `The pinning service ${new URL(options.url).host}`,
      secrets: [options.token],
      advise: (status: number) => ADVICE[status],
    };
    const headers = { Authorization: `Bearer ${options.token}`, Accept: "application/json" };
    this.#client = new HttpClient(service, options.url, headers, options);
  }

  /** Asks the service to pin, and waits until it has. Of blocks without what they link, it is asked for each alone. */
  async pin(root: CID, blocks: Blocks, { linksOnly = false, signal }: PinOptions = {}): Promise<void> {
    if (!linksOnly) return this.#pinRoot(root, signal);
    return forEachBlock(blocks, PINS_AT_ONCE, async (block) => this.#pinRoot(toRawBlock(block).cid, signal));
  }

  async get(cid: CID): Promise<Uint8Array> {
    const text = `A pinning service keeps ${cid.toString()} for others and hands out nothing itself: read it from a gateway.`;
    return Promise.reject(new ProvenanceError("STORE_BLOCK_MISSING", text));
  }

  /** Tells whether that root is pinned. */
  async has(cid: CID): Promise<boolean> {
    const pins = await withRetries(async () => this.#list(cid, ["pinned"]), this.#client.limits);
    return pins.length > 0;
  }

  async #pinRoot(cid: CID, signal: AbortSignal | undefined): Promise<void> {
    const { now = Date.now, deadline = DEADLINE, wait = waitFor } = this.#options;
    const end = now() + deadline;
    // Looked up again before each try: a request whose answer was lost may have been taken.
    let status = await withRetries(async () => this.#findOrAdd(cid, signal), this.#client.limits, signal);
    for (let pause = FIRST_POLL; status.status !== "pinned"; pause = Math.min(pause * 2, LONGEST_POLL)) {
      if (status.status === "failed") throw this.#failed(cid, status);
      if (now() + pause > end) throw this.#late(cid, status, deadline);
      await wait(pause, signal).catch(() => throwIfInterrupted(signal));
      status = await this.#poll(status.requestid, signal);
      this.#assertSame(cid, status);
    }
  }

  /** A pin that is there or under way; else a new one. One that failed is no reason not to try again. */
  async #findOrAdd(cid: CID, signal: AbortSignal | undefined): Promise<PinStatus> {
    const found = await this.#list(cid, ["queued", "pinning", "pinned"], signal);
    const best = found.find(({ status }) => status === "pinned") ?? found[0];
    if (best !== undefined) return best;
    const { origins = [] } = this.#options;
    const body = JSON.stringify({ cid: cid.toString(), ...(origins.length > 0 && { origins }) });
    const headers = { "Content-Type": "application/json" };
    const added = await this.#client.sendJson({ method: "POST", url: "pins", headers, body, signal }, pinStatus);
    return this.#assertSame(cid, added);
  }

  async #list(cid: CID, statuses: readonly string[], signal?: AbortSignal): Promise<readonly PinStatus[]> {
    const query = new URLSearchParams({ cid: cid.toString(), status: statuses.join(",") });
    const { results } = await this.#client.sendJson({ url: `pins?${query.toString()}`, signal }, pinResults);
    // A service that knows no filters would answer with the pins of anything.
    return results.filter(({ pin, status }) => pin.cid === cid.toString() && statuses.includes(status));
  }

  async #poll(requestid: string, signal: AbortSignal | undefined): Promise<PinStatus> {
    return this.#client.requestJson({ url: `pins/${encodeURIComponent(requestid)}`, signal }, pinStatus);
  }

  #assertSame(cid: CID, status: PinStatus): PinStatus {
    if (status.pin.cid === cid.toString()) return status;
    const text = `${this.#client.service.name} pins another CID than ${cid.toString()}, which it was asked for.`;
    throw new ProvenanceError("STORE_FAILED", text);
  }

  #failed(cid: CID, { info }: PinStatus): ProvenanceError {
    const details = info?.["status_details"];
    const why = typeof details === "string" ? ` (${redact(details, this.#client.service)})` : "";
    const text = `could not pin ${cid.toString()}${why}. Make sure that a node it can reach provides it, and run again.`;
    return new ProvenanceError("STORE_FAILED", `${this.#client.service.name} ${text}`);
  }

  #late(cid: CID, { status }: PinStatus, deadline: number): ProvenanceError {
    const text = `has not pinned ${cid.toString()} within ${deadline / 1000} s; it is ${status}. Run again: it is not asked twice. Raise PSA_TIMEOUT to wait longer.`;
    return new ProvenanceError("STORE_FAILED", `${this.#client.service.name} ${text}`);
  }
}
