import { ProvenanceError } from "../../../base/errors.ts";
import { type Exchange, readWhole } from "../../../base/http/exchange.ts";
import { HttpFault } from "../../../base/http/http-fault.ts";
import { writeForm } from "../../../base/http/multipart.ts";
import { throwIfInterrupted } from "../../../base/http/retry.ts";
import type { KuboEndpoint } from "./endpoint.ts";

/** What a node answered. */
export interface KuboAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** What to do where it does not answer, and where it says no. */
export interface KuboAdvice {
  readonly unreachable: string;
  readonly forbidden: string;
}

/** One call of the RPC. */
export interface KuboCall {
  /** For example `block/get`. */
  readonly path: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** A file to send along, piece by piece. */
  readonly file?: AsyncIterable<Uint8Array>;
  /** How long the connection may be silent, in milliseconds. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
}

// A block has 2 MiB at most, and lists of pins are shorter.
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_SHOWN = 300;

/**
 * The RPC of a Kubo node: POST requests, at most one file each. Redirects are not followed, and what identifies us is
 * in no error.
 *
 * @see https://docs.ipfs.tech/reference/kubo/rpc/
 */
export class KuboRpc {
  readonly #endpoint: KuboEndpoint;
  readonly #exchange: Exchange;
  readonly #advice: KuboAdvice;

  constructor(endpoint: KuboEndpoint, exchange: Exchange, advice: KuboAdvice) {
    this.#endpoint = endpoint;
    this.#exchange = exchange;
    this.#advice = advice;
  }

  /** What a person may see of the address. */
  get host(): string {
    return this.#endpoint.base.host;
  }

  /**
   * Makes a call and reads the whole answer, whatever its status.
   *
   * @throws {ProvenanceError} `STORE_FAILED` if the node does not answer or its answer breaks off, `INTERRUPTED`; what
   *   `file` throws
   */
  async call({ path, parameters, file, patience, signal }: KuboCall): Promise<KuboAnswer> {
    throwIfInterrupted(signal);
    const url = new URL(path, this.#endpoint.base);
    for (const [name, value] of parameters) url.searchParams.append(name, value);
    const { authorization } = this.#endpoint;
    try {
      const { status, body, trailers } = await this.#exchange({
        url,
        method: "POST",
        ...(file ? toForm(file, authorization) : { headers: { ...(authorization && { authorization }) } }),
        times: { connect: patience, firstByte: patience, idle: patience, total: Infinity },
        maxBytes: MAX_ANSWER_BYTES,
        signal,
      });
      const bytes = await readWhole(body);
      const late = trailers?.()["x-stream-error"];
      if (late !== undefined) throw new HttpFault("unavailable", `broke its answer off: ${late}`);
      return { status, body: bytes };
    } catch (error) {
      throwIfInterrupted(signal);
      if (!(error instanceof HttpFault)) throw error;
      const reason = this.redact(error.message);
      const text = `The Kubo node at ${this.host} ${reason}. ${this.#advice.unreachable}`;
      throw new ProvenanceError("STORE_FAILED", text, { cause: new Error(reason) });
    }
  }

  /** The error for an answer that is no success. */
  refusal({ status, body }: KuboAnswer, what: string): ProvenanceError {
    const hint = status === 401 || status === 403 ? ` ${this.#advice.forbidden}` : "";
    const text = `The Kubo node at ${this.host} refused to ${what} (${status}: ${this.readMessage(body)}).${hint}`;
    return new ProvenanceError(status >= 400 && status < 500 ? "STORE_REFUSED" : "STORE_FAILED", text);
  }

  /** What a node says of a failure: its JSON's message, else the beginning of its text; without what identifies us. */
  readMessage(body: Uint8Array): string {
    let text = new TextDecoder().decode(body).trim();
    try {
      const { Message } = JSON.parse(text) as { Message?: unknown };
      if (typeof Message === "string") text = Message;
    } catch {
      // a text
    }
    return this.redact(text).slice(0, MAX_SHOWN);
  }

  /** Takes what identifies us out of a text: a node, or a proxy before it, may send back what it was sent. */
  redact(text: string): string {
    return this.#endpoint.secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  }
}

/** A file as the one part of a form. */
function toForm(pieces: AsyncIterable<Uint8Array>, authorization: string | undefined) {
  const { type, body } = writeForm({ name: "blocks.car", type: "application/octet-stream", pieces });
  return { headers: { ...(authorization !== undefined && { authorization }), "content-type": type }, body };
}
