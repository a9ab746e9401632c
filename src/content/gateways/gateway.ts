import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { bytesMatchCid } from "../cid.ts";
import { type Exchange, readWhole } from "../../base/http/exchange.ts";
import { HttpFault } from "../../base/http/http-fault.ts";
import { readRetryAfter } from "../../base/http/retry.ts";
import type { HttpTimes } from "../../base/http/send.ts";
import { nameGateway, parseGatewayUrl } from "./gateway-url.ts";

/** Why a gateway did not give a block. */
export interface BlockFault {
  /** As {@link HttpFault}; `missing`: it says that it has no such block; `wrong`: it answered something else. */
  readonly kind: "missing" | "wrong" | "unavailable" | "refused";
  /** One clause, to follow the gateway's name. */
  readonly text: string;
  /** Worth another try within this run. */
  readonly again: boolean;
  /** In milliseconds, as the gateway asks for. */
  readonly retryAfter?: number;
}

/** How one block is asked for. */
export interface BlockRequest {
  /** The largest block to take, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Called whenever bytes arrive. */
  readonly onBytes?: () => void;
}

/** What a gateway answered; bytes come with status 200 alone. */
interface Answer {
  readonly status: number;
  readonly bytes?: Uint8Array;
  /** In milliseconds. */
  readonly retryAfter: number | undefined;
}

/** What holds for every request of a gateway. */
export interface GatewaySettings {
  readonly limits: HttpTimes;
  readonly maxRedirects: number;
}

/** Patient with content that has to be found first, and with a slow line: 8 blocks at once at 50 kB/s. */
export const GATEWAY_SETTINGS: GatewaySettings = {
  limits: { connect: 10_000, firstByte: 30_000, idle: 20_000, total: 180_000 },
  maxRedirects: 3,
};

const MISSING = new Set([404, 410, 451]);
// Time ran out with 408 and 504: asking again would take as long.
const AGAIN = new Set([429, 500, 502, 503]);
// How gateways say that they serve files and no blocks.
const NO_BLOCKS = new Set([400, 405, 406, 415, 501]);

/** Makes what sends requests to a gateway. */
export type OpenGateway = (url: URL) => Exchange;

/** One IPFS gateway. It is not trusted: what it answers is checked against the CID that was asked for. */
export class Gateway {
  /** For people: without what may be secret. */
  readonly name: string;
  readonly #url: URL;
  readonly #settings: GatewaySettings;
  readonly #exchange: Exchange;
  #servesBlocks = true;

  /** @throws {ProvenanceError} `OPTION_INVALID` for what is no address of a gateway */
  constructor(address: string, open: OpenGateway, settings: GatewaySettings = GATEWAY_SETTINGS) {
    this.#url = parseGatewayUrl(address);
    this.name = nameGateway(this.#url);
    this.#settings = settings;
    this.#exchange = open(this.#url);
  }

  /** Asks for one block; the bytes returned are those of the CID. A gateway that serves only files is asked for the file that a raw block is. */
  async read(cid: CID, asked: BlockRequest): Promise<Uint8Array | BlockFault> {
    if (this.#servesBlocks) {
      const answer = await this.#ask(cid, "application/vnd.ipld.raw", asked);
      const serves = answer instanceof HttpFault || !NO_BLOCKS.has(answer.status);
      if (serves || cid.code !== raw.code) return judge(cid, answer);
    }
    if (cid.code !== raw.code) return { kind: "refused", text: "serves no single blocks", again: false };
    const block = judge(cid, await this.#ask(cid, "*/*", asked));
    if (block instanceof Uint8Array) this.#servesBlocks = false;
    return block;
  }

  async #ask(cid: CID, accept: string, { maxBytes, signal, onBytes }: BlockRequest): Promise<Answer | HttpFault> {
    const { maxRedirects: redirects, limits: times } = this.#settings;
    const url = this.#urlOf(cid, accept !== "*/*");
    const headers = { accept, "user-agent": "model-provenance-nft" };
    const options = { times, redirects, maxBytes, signal, onBytes };
    try {
      const { status, headers: answered, body, discard } = await this.#exchange({ url, headers, ...options });
      if (status === 200) return { status, bytes: await readWhole(body), retryAfter: undefined };
      discard(); // what it says beside is of no use
      return { status, retryAfter: readRetryAfter(answered.get("retry-after"), Date.now()) };
    } catch (error) {
      if (error instanceof HttpFault) return error;
      throw error;
    }
  }

  #urlOf(cid: CID, asBlock: boolean): URL {
    const url = new URL(this.#url);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/ipfs/${cid.toString()}`;
    if (asBlock) url.searchParams.set("format", "raw");
    return url;
  }
}

function judge(cid: CID, answer: Answer | HttpFault): Uint8Array | BlockFault {
  if (answer instanceof HttpFault) {
    const { kind, message: text, again } = answer;
    return { kind: kind === "oversize" ? "wrong" : kind, text, again };
  }
  const { status, bytes, retryAfter } = answer;
  if (bytes !== undefined) {
    return bytesMatchCid(cid, bytes) ? bytes : { kind: "wrong", text: "answers with other bytes", again: false };
  }
  if (MISSING.has(status)) return { kind: "missing", text: `has no such block (${status})`, again: false };
  const kind = status === 408 || status === 429 || status >= 500 ? "unavailable" : "refused";
  const again = AGAIN.has(status);
  return { kind, text: `answers with status ${status}`, again, ...(retryAfter && { retryAfter }) };
}
