import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { bytesMatchCid } from "../cid.ts";
import { type AddressGuard, type LookupAll, guardAddresses } from "./address-guard.ts";
import { nameGateway, parseGatewayUrl } from "./gateway-url.ts";
import { type HttpAnswer, type HttpFault, type HttpLimits, httpGet } from "./http-get.ts";

/** Why a gateway did not give a block. */
export interface BlockFault {
  /** As {@link HttpFault}; `missing`: it says that it has no such block; `wrong`: it answered something else. */
  readonly kind: "missing" | "wrong" | "unavailable" | "refused";
  /** One clause, to follow the gateway's name. */
  readonly text: string;
  /** Worth another try within this run. */
  readonly again: boolean;
  /** In seconds, as the gateway asks for. */
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

/** What holds for every request of a gateway. */
export interface GatewaySettings {
  readonly limits: HttpLimits;
  readonly maxRedirects: number;
  /** How names are looked up; the system's way when left out. */
  readonly lookup?: LookupAll;
}

/** Patient with content that has to be found first, and with a slow line: 8 blocks at once at 50 kB/s. */
export const GATEWAY_SETTINGS: GatewaySettings = {
  limits: { connect: 10_000, firstByte: 30_000, idle: 20_000, total: 180_000 },
  maxRedirects: 3,
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MISSING = new Set([404, 410, 451]);
// Time ran out with 408 and 504: asking again would take as long.
const AGAIN = new Set([429, 500, 502, 503]);
// How gateways say that they serve files and no blocks.
const NO_BLOCKS = new Set([400, 405, 406, 415, 501]);
const MAX_SOCKETS = 32;

/** One IPFS gateway. It is not trusted: what it answers is checked against the CID that was asked for. */
export class Gateway {
  /** For people: without what may be secret. */
  readonly name: string;
  readonly #url: URL;
  readonly #settings: GatewaySettings;
  readonly #guard: AddressGuard;
  // Of its own: a connection that this gateway may have is not to be used for another one.
  readonly #agents = {
    "http:": new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    "https:": new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
  };
  #servesBlocks = true;

  /** @throws {ProvenanceError} `OPTION_INVALID` for what is no address of a gateway */
  constructor(address: string, settings: GatewaySettings = GATEWAY_SETTINGS) {
    this.#url = parseGatewayUrl(address);
    this.name = nameGateway(this.#url);
    this.#settings = settings;
    this.#guard = guardAddresses(this.#url, settings.lookup);
  }

  /** Asks for one block; the bytes returned are those of the CID. A gateway that serves only files is asked for the file that a raw block is. */
  async read(cid: CID, request: BlockRequest): Promise<Uint8Array | BlockFault> {
    if (this.#servesBlocks) {
      const answer = await this.#follow(cid, "application/vnd.ipld.raw", request);
      const serves = "kind" in answer || !NO_BLOCKS.has(answer.status);
      if (serves || cid.code !== raw.code) return judge(cid, answer);
    }
    if (cid.code !== raw.code) return { kind: "refused", text: "serves no single blocks", again: false };
    const block = judge(cid, await this.#follow(cid, "*/*", request));
    if (block instanceof Uint8Array) this.#servesBlocks = false;
    return block;
  }

  async #follow(cid: CID, accept: string, request: BlockRequest): Promise<HttpAnswer | HttpFault> {
    const { maxRedirects, limits } = this.#settings;
    const start = performance.now();
    let url = this.#urlOf(cid, accept !== "*/*");
    for (let redirects = 0; ; redirects++) {
      const fault = this.#guard.faultOf(url);
      if (fault !== undefined) return { kind: "refused", text: `was not asked: ${fault}` };
      const total = Math.max(1, limits.total - (performance.now() - start));
      const answer = await this.#ask(url, accept, request, { ...limits, total });
      if ("kind" in answer || !REDIRECTS.has(answer.status)) return answer;
      if (redirects === maxRedirects) return { kind: "refused", text: `redirects more than ${maxRedirects} times` };
      const next = resolveLocation(answer.location, url);
      if (next === undefined) return { kind: "refused", text: "redirects to what is no safe web address" };
      url = next;
    }
  }

  async #ask(url: URL, accept: string, request: BlockRequest, limits: HttpLimits) {
    const { username, password, origin } = this.#url;
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    const own = username !== "" && url.origin === origin;
    return httpGet({
      url,
      headers: {
        accept,
        "user-agent": "model-provenance-nft",
        ...(own && { authorization: `Basic ${credentials.toString("base64")}` }),
      },
      agent: this.#agents[url.protocol as "http:" | "https:"],
      lookup: this.#guard.lookup,
      limits,
      ...request,
    });
  }

  #urlOf(cid: CID, asBlock: boolean): URL {
    const url = withoutUser(this.#url);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/ipfs/${cid.toString()}`;
    if (asBlock) url.searchParams.set("format", "raw");
    return url;
  }
}

function judge(cid: CID, answer: HttpAnswer | HttpFault): Uint8Array | BlockFault {
  if ("kind" in answer) {
    const { kind, text, again = false } = answer;
    return { kind: kind === "oversize" ? "wrong" : kind, text, again };
  }
  const { status, bytes, retryAfter } = answer;
  if (status === 200) {
    return bytesMatchCid(cid, bytes) ? bytes : { kind: "wrong", text: "answers with other bytes", again: false };
  }
  if (MISSING.has(status)) return { kind: "missing", text: `has no such block (${status})`, again: false };
  const kind = status === 408 || status === 429 || status >= 500 ? "unavailable" : "refused";
  return { kind, text: `answers with status ${status}`, again: AGAIN.has(status), ...(retryAfter && { retryAfter }) };
}

/** Where a redirect leads; undefined for nowhere, and from an encrypted connection to an open one. */
function resolveLocation(location: string | undefined, from: URL): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const url = withoutUser(new URL(location, from));
  return from.protocol === "https:" && url.protocol !== "https:" ? undefined : url;
}

function withoutUser(url: URL): URL {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  return copy;
}
