import { randomUUID } from "node:crypto";
import { ProvenanceError } from "../../../base/errors.ts";
import { type AddressGuard, guardRedirects } from "../../../base/http/address-guard.ts";
import { HttpFault } from "../../../base/http/http-fault.ts";
import { readAll } from "../../../base/http/read-body.ts";
import { request } from "../../../base/http/request.ts";
import { createAgents } from "../../../base/http/send.ts";
import { giveBack } from "../../buffer-pool.ts";
import { throwIfInterrupted } from "../../../base/http/retry.ts";
import type { KuboEndpoint } from "./endpoint.ts";

/** What a node answered. */
export interface KuboAnswer {
  readonly status: number;
  readonly body: Buffer;
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
  readonly #guard: AddressGuard;
  readonly #agents = createAgents();

  constructor(endpoint: KuboEndpoint) {
    this.#endpoint = endpoint;
    this.#guard = guardRedirects(endpoint.base);
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
      const { status, body, trailers } = await request({
        url,
        method: "POST",
        ...(file ? toForm(file, authorization) : { headers: { ...(authorization && { authorization }) } }),
        times: { connect: patience, firstByte: patience, idle: patience, total: Infinity },
        maxBytes: MAX_ANSWER_BYTES,
        guard: this.#guard,
        agents: this.#agents,
        signal,
      });
      const bytes = await readAll(body);
      const late = trailers()["x-stream-error"];
      if (late !== undefined) throw new HttpFault("unavailable", `broke its answer off: ${late}`);
      return { status, body: bytes };
    } catch (error) {
      throwIfInterrupted(signal);
      if (!(error instanceof HttpFault)) throw error;
      const reason = this.redact(error.message);
      const text = `The Kubo node at ${this.host} ${reason}. Is it running, and is KUBO_API_URL right?`;
      throw new ProvenanceError("STORE_FAILED", text, { cause: new Error(reason) });
    }
  }

  /** The error for an answer that is no success. */
  refusal({ status, body }: KuboAnswer, what: string): ProvenanceError {
    const hint = status === 401 || status === 403 ? " Check KUBO_API_AUTH, and what it may do at the node." : "";
    const text = `The Kubo node at ${this.host} refused to ${what} (${status}: ${this.readMessage(body)}).${hint}`;
    return new ProvenanceError(status >= 400 && status < 500 ? "STORE_REFUSED" : "STORE_FAILED", text);
  }

  /** What a node says of a failure: its JSON's message, else the beginning of its text; without what identifies us. */
  readMessage(body: Buffer): string {
    let text = body.toString("utf8").trim();
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
function toForm(file: AsyncIterable<Uint8Array>, authorization: string | undefined) {
  const boundary = randomUUID();
  const disposition = 'Content-Disposition: form-data; name="file"; filename="blocks.car"';
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`);
    yield* file;
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  return {
    headers: {
      ...(authorization !== undefined && { authorization }),
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
    body: pieces(),
    onSent: giveBack,
  };
}
