import { createHash, randomUUID } from "node:crypto";
import { Transform } from "node:stream";
import type { FastifyInstance } from "fastify";
import { Signature, type Signer } from "ethers";
import { type Hex, toHex } from "../base/hex.ts";
import {
  type InferenceReceipt,
  RECEIPT_TYPES,
  formatReceipt,
  receiptDomain,
} from "../registry/receipts/inference-receipt.ts";
import type { Registry } from "../registry/registry.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { Refusal } from "./refusal.ts";
import { stateOf } from "./request-state.ts";

/** The header with a receipt's id, and the trailer with the receipt itself. */
export const RECEIPT_ID = "model-provenance-receipt-id";
export const RECEIPT_TRAILER = "model-provenance-receipt";

const MOST = 10_000;
// How long a receipt waits to be fetched, in milliseconds.
const LIFETIME = 10 * 60 * 1000;

interface Kept {
  readonly account: string;
  readonly endsAt: number;
  /** Canonical JSON; absent while the answer is under way. */
  json?: Promise<Uint8Array>;
}

/** Signs what an endpoint answered, and keeps it for who asked. */
export class Receipts {
  readonly #signer: Signer;
  readonly #model: { readonly registry: Pick<Registry, "address" | "chainId">; readonly tokenId: bigint };
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  /** @param now - Unix time in milliseconds */
  constructor(
    signer: Signer,
    model: { readonly registry: Pick<Registry, "address" | "chainId">; readonly tokenId: bigint },
    now: () => number,
  ) {
    this.#signer = signer;
    this.#model = model;
    this.#now = now;
  }

  /** Begins the receipt of an answer for an account. Nothing is signed unless `complete` is called. */
  begin(account: string): OpenReceipt {
    this.#makeRoom();
    const id = randomUUID();
    const kept: Kept = { account, endsAt: this.#now() + LIFETIME };
    this.#kept.set(id, kept);
    return new OpenReceipt(id, async (requestDigest, responseDigest) => {
      kept.json = this.#sign(requestDigest, responseDigest);
      return kept.json;
    });
  }

  /** The receipt of an answer that reached its end, for the account that asked for it; else undefined. */
  async find(id: string, account: string): Promise<Uint8Array | undefined> {
    const kept = this.#kept.get(id);
    return kept?.account === account && kept.endsAt > this.#now() ? kept.json : undefined;
  }

  async #sign(requestDigest: Hex, responseDigest: Hex): Promise<Uint8Array> {
    const { registry, tokenId } = this.#model;
    const answeredAt = BigInt(Math.floor(this.#now() / 1000));
    const receipt: InferenceReceipt = {
      registry: registry.address,
      tokenId,
      requestDigest,
      responseDigest,
      answeredAt,
    };
    const domain = receiptDomain(registry.chainId, registry.address);
    const given = await this.#signer.signTypedData(domain, RECEIPT_TYPES, receipt);
    // Some wallets end with 0 or 1 where 27 or 28 is meant.
    const signature = (given.length === 132 ? Signature.from(given).serialized : given) as Hex;
    return formatReceipt({ chainId: registry.chainId, receipt, signer: await this.#signer.getAddress(), signature });
  }

  #makeRoom(): void {
    for (const [id, { endsAt }] of this.#kept) {
      if (endsAt > this.#now() && this.#kept.size < MOST) return;
      this.#kept.delete(id);
    }
  }
}

/** The receipt of an answer that is under way. */
export class OpenReceipt {
  readonly id: string;
  readonly #request = createHash("sha256");
  readonly #response = createHash("sha256");
  readonly #sign: (requestDigest: Hex, responseDigest: Hex) => Promise<Uint8Array>;
  #json: Promise<Uint8Array> | undefined;

  constructor(id: string, sign: (requestDigest: Hex, responseDigest: Hex) => Promise<Uint8Array>) {
    this.id = id;
    this.#sign = sign;
  }

  /** Passes the body of the request on, and takes it into account. */
  watchRequest(): Transform {
    return new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        this.#request.update(piece);
        done(null, piece);
      },
    });
  }

  /** Takes a piece of the answer into account, as it goes to the client. */
  addToResponse(piece: Buffer): void {
    this.#response.update(piece);
  }

  /** Signs what passed; to be called when the whole answer did. @returns canonical JSON */
  async complete(): Promise<Uint8Array> {
    this.#json ??= this.#sign(toHex(this.#request.digest()), toHex(this.#response.digest()));
    return this.#json;
  }
}

/** Where who asked fetches the receipt of an answer. */
export function addReceiptRoutes(app: FastifyInstance, receipts: Receipts, keeper: Gatekeeper): void {
  app.get<{ Params: { id: string } }>("/v1/receipts/:id", async (request, reply) => {
    const state = stateOf(request);
    state.event = "receipt";
    const { account } = await keeper.admit(state.session);
    const json = await receipts.find(request.params.id, account);
    if (json === undefined) throw new Refusal(404, "receipt_unknown", "There is no such receipt for this account.");
    return reply.type("application/json; charset=utf-8").send(Buffer.from(json));
  });
}
