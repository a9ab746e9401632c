import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { ProvenanceError } from "../../../base/errors.ts";
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
  // Connections that wait for the next call keep no process alive.
  readonly #agent: HttpAgent;

  constructor(endpoint: KuboEndpoint) {
    this.#endpoint = endpoint;
    const { protocol } = endpoint.base;
    this.#agent = new (protocol === "https:" ? HttpsAgent : HttpAgent)({ keepAlive: true });
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
    const boundary = randomUUID();
    const { authorization } = this.#endpoint;
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
      method: "POST",
      agent: this.#agent,
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(file && { "content-type": `multipart/form-data; boundary=${boundary}` }),
      },
    });
    request.on("error", () => undefined); // the first one is the answer's; one after an answer says nothing new
    request.setTimeout(patience, () => request.destroy(new Error(`silent for ${patience / 1000} s`)));
    const answer = this.#readAnswer(request);
    answer.catch(() => undefined); // it is awaited below, once everything was sent
    const stop = () => request.destroy(new Error("interrupted"));
    signal?.addEventListener("abort", stop);
    try {
      if (file) await sendFile(request, boundary, file);
      else request.end();
      return await answer;
    } catch (error) {
      request.destroy();
      throwIfInterrupted(signal);
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
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

  async #readAnswer(request: ClientRequest): Promise<KuboAnswer> {
    try {
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of response as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
        pieces.push(piece);
      }
      const late = response.trailers["x-stream-error"];
      if (late !== undefined) throw new Error(`its answer broke off: ${late}`);
      return { status: response.statusCode ?? 0, body: Buffer.concat(pieces) };
    } catch (cause) {
      const reason = this.redact((cause as Error).message || String((cause as NodeJS.ErrnoException).code));
      const text = `The Kubo node at ${this.host} did not answer (${reason}). Is it running, and is KUBO_API_URL right?`;
      throw new ProvenanceError("STORE_FAILED", text, { cause: new Error(reason) });
    } finally {
      // A node that refuses does so before it has read everything: the connection is of no further use.
      if (!request.writableEnded) request.destroy();
    }
  }
}

/** Sends a file as the one part of a form; stops when the node has refused or hung up, for then nobody reads on. */
async function sendFile(request: ClientRequest, boundary: string, file: AsyncIterable<Uint8Array>): Promise<void> {
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => ((over = true), resolve());
    request.once("error", end).once("close", end);
    request.once("response", ({ statusCode }: IncomingMessage) => statusCode !== 200 && end());
  });
  const write = async (piece: Uint8Array | string) => {
    if (over || request.write(piece, () => typeof piece === "string" || giveBack(piece))) return;
    await Promise.race([new Promise<void>((resolve) => void request.once("drain", resolve)), ended]);
  };
  const disposition = 'Content-Disposition: form-data; name="file"; filename="blocks.car"';
  await write(`--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`);
  for await (const piece of file) {
    await write(piece);
    if (over) return;
  }
  await write(`\r\n--${boundary}--\r\n`);
  if (!over) request.end();
}
