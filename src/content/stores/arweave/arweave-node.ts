import type { CID } from "multiformats/cid";
import { z } from "zod";
import type { ProvenanceError } from "../../../base/errors.ts";
import { CID_TAG, type DataChunk, type SignedTransaction } from "./arweave-transaction.ts";
import { MAX_BLOCK_BYTES } from "../../cid.ts";
import { HttpClient, type HttpLimits } from "../../../base/http/http-client.ts";
import { failureOfAnswer, failureOfStatus } from "../../../base/http/http-failure.ts";
import { TransientFailure, withRetries } from "../../../base/http/retry.ts";

/** What a node says of a transaction. */
export type TransactionState = "mined" | "pending" | "unknown";
/** What a node says to one that is sent. `stale`: its anchor is too old, it can never be mined. */
export type PostAnswer = "accepted" | "stale";

const foundTransactions = z.object({
  data: z.object({
    transactions: z.object({ edges: z.array(z.object({ node: z.object({ id: z.string().regex(/^[\w-]{43}$/) }) })) }),
  }),
});

const CANDIDATES = 10;
const QUERY = `query ($tags: [TagFilter!], $owners: [String!]) {
  transactions(first: ${CANDIDATES}, tags: $tags, owners: $owners) { edges { node { id } } }
}`;

/** A node or gateway of Arweave, by its HTTP API. */
export class ArweaveNode {
  readonly #client: HttpClient;

  /** @param url - for example https://arweave.net */
  constructor(url: string, limits: HttpLimits = {}) {
    this.#client = new HttpClient({ name: `The Arweave node ${new URL(url).host}` }, url, {}, limits);
  }

  /** What keeping so many bytes for ever costs, in winston (10^-12 AR). */
  async price(bytes: number, signal?: AbortSignal): Promise<bigint> {
    return BigInt(await this.#text(`price/${bytes}`, /^\d{1,30}$/, "a price", signal));
  }

  /** What an address owns, in winston. */
  async balance(address: string, signal?: AbortSignal): Promise<bigint> {
    return BigInt(await this.#text(`wallet/${address}/balance`, /^\d{1,30}$/, "a balance", signal));
  }

  async anchor(signal?: AbortSignal): Promise<string> {
    return this.#text("tx_anchor", /^[\w-]{43,}$/, "an anchor", signal);
  }

  async state(id: string, signal?: AbortSignal): Promise<TransactionState> {
    const { status } = await this.#client.request({ url: `tx/${id}/status`, accept: [404, 410], signal });
    if (status === 200) return "mined";
    return status === 202 ? "pending" : "unknown";
  }

  /** Sends a transaction. One that the node has already is accepted. */
  async post(transaction: SignedTransaction & { readonly data: string }, signal?: AbortSignal): Promise<PostAnswer> {
    const answer = await this.#client.request({ ...jsonPost("tx", transaction), accept: [400], signal });
    if (answer.status !== 400) return "accepted";
    const text = Buffer.from(answer.bytes).toString("utf8");
    if (/already (in the mempool|on the weave|processed)/i.test(text)) return "accepted";
    if (/anchor/i.test(text)) return "stale";
    throw this.#failure(answer.status, text);
  }

  /** Sends a part of the data of a transaction that was accepted. */
  async postChunk(chunk: DataChunk, signal?: AbortSignal): Promise<void> {
    await withRetries(
      async () => {
        const answer = await this.#client.send({ ...jsonPost("chunk", chunk), accept: [400], signal });
        if (answer.status !== 400) return;
        const failure = this.#failure(answer.status, Buffer.from(answer.bytes).toString("utf8"));
        // A node behind a balancer may not have heard of the transaction yet.
        throw failure.message.includes("data_root_not_found") ? new TransientFailure(failure) : failure;
      },
      this.#client.limits,
      signal,
    );
  }

  /** The data of a transaction, unchecked; undefined where the node does not have it (yet). */
  async data(id: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const answer = await this.#client.request({
      url: id,
      accept: [404, 410, 421],
      maxBytes: MAX_BLOCK_BYTES,
      redirects: true,
      signal,
    });
    return answer.status === 200 ? answer.bytes : undefined;
  }

  /** Transactions that claim to hold a block: of one owner, or of anybody. Empty where the node keeps no index. */
  async find(cid: CID, owner?: string, signal?: AbortSignal): Promise<readonly string[]> {
    const variables = { tags: [{ name: CID_TAG, values: [cid.toString()] }], ...(owner && { owners: [owner] }) };
    return withRetries(
      async () => {
        const request = { ...jsonPost("graphql", { query: QUERY, variables }), accept: [400, 404, 405, 501], signal };
        const { status, bytes } = await this.#client.send(request);
        if (status !== 200) return [];
        const parsed = foundTransactions.safeParse(tryParse(bytes));
        if (!parsed.success) throw failureOfAnswer(this.#client.service, "a search without results");
        return parsed.data.data.transactions.edges.slice(0, CANDIDATES).map(({ node }) => node.id);
      },
      this.#client.limits,
      signal,
    );
  }

  async #text(url: string, form: RegExp, what: string, signal?: AbortSignal): Promise<string> {
    return withRetries(
      async () => {
        const text = Buffer.from((await this.#client.send({ url, signal })).bytes)
          .toString("utf8")
          .trim();
        if (form.test(text)) return text;
        throw failureOfAnswer(this.#client.service, `without ${what}`);
      },
      this.#client.limits,
      signal,
    );
  }

  #failure(status: number, text: string): ProvenanceError {
    const failure = failureOfStatus(this.#client.service, status, text);
    return failure instanceof TransientFailure ? failure.failure : failure;
  }
}

function jsonPost(url: string, body: object) {
  const headers = { "Content-Type": "application/json", Accept: "application/json, text/plain, */*" };
  return { method: "POST", url, headers, body: JSON.stringify(body) };
}

function tryParse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
