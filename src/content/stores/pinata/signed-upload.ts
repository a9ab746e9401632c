import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";
import { assertConfidential } from "../../../base/http/confidential.ts";
import { type Exchange, readWhole } from "../../../base/http/exchange.ts";
import { type HttpService, failureOfConnection, failureOfStatus } from "../../../base/http/http-failure.ts";
import { HttpFault } from "../../../base/http/http-fault.ts";
import { writeForm } from "../../../base/http/multipart.ts";
import { type RetryOptions, readRetryAfter, throwIfInterrupted, withRetries } from "../../../base/http/retry.ts";
import { wrapLinks } from "../../car/block-list.ts";
import { writeCar } from "../../car/car.ts";
import type { Blocks, PinOptions } from "../../content-store.ts";
import { CAR_TYPE, carName, keepsAnother } from "./kept.ts";

const TIMES = { connect: 60_000, firstByte: 60_000, idle: 60_000, total: 300_000 };
const MAX_ANSWER_BYTES = 1024 * 1024;
const ADVICE: Readonly<Record<number, string>> = {
  401: "The URL is no longer good: make a new one.",
  403: "The URL is no longer good, or does not allow this: make a new one, for the public network and files of any kind.",
  413: "The URL, or the account, does not take so much: make one for a larger file.",
};

/**
 * Uploads to Pinata by a URL that somebody made with their key: it is good for a while and says what may be uploaded, so that no
 * key is needed here. Our archive goes up, so that the CID is ours.
 *
 * @see https://docs.pinata.cloud/files/presigned-urls
 */
export class PinataUpload {
  readonly #url: URL;
  readonly #exchange: Exchange;
  readonly #retries: RetryOptions;
  readonly #service: HttpService;

  /** @throws {ProvenanceError} `OPTION_INVALID` for what is no such URL, or would be sent in the clear */
  constructor(url: string, exchange: Exchange, retries: RetryOptions = {}) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      const text = "That is no upload URL of Pinata: one begins with https://uploads.pinata.cloud/v3/files/";
      throw new ProvenanceError("OPTION_INVALID", text);
    }
    this.#url = new URL(url);
    assertConfidential(this.#url, "Pinata");
    this.#exchange = exchange;
    this.#retries = retries;
    // Who has the URL may upload: its query is not shown.
    this.#service = { name: "Pinata", secrets: [url, this.#url.search.slice(1)], advise: (status) => ADVICE[status] };
  }

  /** What a person may see of the address. */
  get host(): string {
    return this.#url.host;
  }

  /**
   * Pins the blocks below a root.
   *
   * @throws {ProvenanceError} `STORE_FAILED`, also where another CID than ours is kept, or none is told; `STORE_REFUSED`, `INTERRUPTED`
   */
  async pin(given: CID, blocks: Blocks, { linksOnly = false, signal }: PinOptions = {}): Promise<void> {
    // A service that keeps all that is linked would look for the rest of a model for ever.
    const { root, blocks: all } = linksOnly ? await wrapLinks(blocks) : { root: given, blocks };
    const answered = await withRetries(async () => this.#upload(root, all, signal), this.#retries, signal);
    if (answered === root.toString()) return;
    if (answered !== undefined) throw keepsAnother(root, answered);
    const text = `Pinata took ${root.toString()} and does not say that it keeps it. Look in the account, or upload it again.`;
    throw new ProvenanceError("STORE_FAILED", text);
  }

  async #upload(root: CID, blocks: Blocks, signal: AbortSignal | undefined): Promise<string | undefined> {
    const file = { name: carName(root), type: CAR_TYPE, pieces: writeCar(root, blocks) };
    const { type, body } = writeForm(file, { network: "public", name: file.name, car: "true" });
    const headers = { "content-type": type };
    try {
      const asked = { url: this.#url, method: "POST", headers, body, times: TIMES, maxBytes: MAX_ANSWER_BYTES, signal };
      const answer = await this.#exchange(asked);
      const text = new TextDecoder().decode(await readWhole(answer.body));
      if (answer.status >= 200 && answer.status < 300) return cidOf(text);
      const pause = readRetryAfter(answer.headers.get("retry-after"), Date.now());
      throw failureOfStatus(this.#service, answer.status, text, pause);
    } catch (error) {
      throwIfInterrupted(signal);
      if (error instanceof HttpFault) throw failureOfConnection(this.#service, error);
      throw error;
    }
  }
}

function cidOf(text: string): string | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { cid?: unknown } };
    return typeof data?.cid === "string" && data.cid !== "pending" ? data.cid : undefined;
  } catch {
    return undefined;
  }
}
