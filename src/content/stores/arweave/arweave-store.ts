import type { CID } from "multiformats/cid";
import { z } from "zod";
import { ProvenanceError } from "../../../base/errors.ts";
import type { ArweaveKey } from "./arweave-key.ts";
import { ArweaveNode } from "./arweave-node.ts";
import { type SignedTransaction, addressOf, cutData, signBlock, signedTransaction } from "./arweave-transaction.ts";
import { type Block, bytesMatchCid } from "../../cid.ts";
import type { Blocks, ContentStore, PinOptions, ReadOptions } from "../../content-store.ts";
import type { HttpLimits } from "../../../base/http/http-client.ts";
import { untilGivenUp } from "../../../base/http/retry.ts";
import type { UploadJournal } from "../upload-journal.ts";

/** A wallet on Arweave, and how the network is reached. */
export interface ArweaveStoreOptions extends HttpLimits {
  /** Pays, and signs. Never shown. */
  readonly key: ArweaveKey;
  /** A node or gateway; https://arweave.net unless given. */
  readonly url?: string;
  /** Where transactions are noted before they are sent, so that nothing is paid twice. */
  readonly journal: UploadJournal;
  /**
   * Finds transactions (`ar://…`) that may hold what is pinned, such as a claim names them: one that is mined and holds
   * these bytes is not paid again, whoever paid it.
   */
  readonly findCopies?: () => Promise<readonly string[]>;
  /** The most that one block may cost, in winston (10^-12 AR); 10^11 unless given: a node could ask for anything. */
  readonly maxPrice?: bigint;
  readonly note?: (text: string) => void;
  readonly warn?: (text: string) => void;
}

const DEFAULT_URL = "https://arweave.net";
// What a node takes inside a transaction; more is sent in parts.
const MAX_INLINE_BYTES = 256 * 1024;
const WINSTON_DIGITS = 12;
const MAX_PRICE = 10n ** 11n;

const journalEntry = z.object({ transaction: signedTransaction, complete: z.boolean() });

/**
 * A permanent copy of single blocks on Arweave: each is the data of a transaction that is tagged with its CID. What has
 * several blocks is left out with a warning, so it is never the only store of a model.
 *
 * @example
 * const journal = new UploadJournal("uploads");
 * const store = new ArweaveStore({ key: parseArweaveKey(await readFile("wallet.json", "utf8")), journal });
 * await store.pin(root, [block]);
 * store.copiesOf(root); // ["ar://…"]
 * @see docs/storage.md
 */
export class ArweaveStore implements ContentStore {
  readonly name = "arweave";
  readonly public = true;
  readonly role = "copy";
  readonly #options: ArweaveStoreOptions;
  readonly #node: ArweaveNode;
  readonly #known = new Map<string, string>();

  constructor(options: ArweaveStoreOptions) {
    this.#options = options;
    this.#node = new ArweaveNode(options.url ?? DEFAULT_URL, options);
  }

  /** Keeps the root's block for ever, where it is the only one. A transaction that is there already is not paid again. */
  async pin(root: CID, blocks: Blocks, { linksOnly = false, signal }: PinOptions = {}): Promise<void> {
    const block = linksOnly ? undefined : await onlyBlock(root, blocks);
    if (block === undefined) {
      this.#options.warn?.(`Arweave keeps single blocks, so ${root.toString()} is not copied there.`);
      return;
    }
    const id = (await this.#find(root, await this.#address(), signal)) ?? (await this.#send(block, signal));
    this.#known.set(root.toString(), id);
  }

  /** Reads a block from any transaction that is tagged with its CID: whoever wrote it, the bytes are checked. */
  async get(cid: CID, { signal }: ReadOptions = {}): Promise<Uint8Array> {
    const known = this.#known.get(cid.toString());
    const found = await untilGivenUp(signal, async () => {
      for (const id of [...(known === undefined ? [] : [known]), ...(await this.#node.find(cid, undefined, signal))]) {
        const bytes = await this.#node.data(id, signal);
        if (bytes !== undefined && bytesMatchCid(cid, bytes)) return bytes;
      }
      return undefined;
    });
    if (found !== undefined) return found;
    const text = `No Arweave transaction that can be read yet holds ${cid.toString()}.`;
    throw new ProvenanceError("STORE_BLOCK_MISSING", text);
  }

  /** Tells whether this wallet has a transaction for a block, mined or on its way. */
  async has(cid: CID): Promise<boolean> {
    return (await this.#find(cid, await this.#address())) !== undefined;
  }

  async quote(blocks: readonly Block[]): Promise<readonly string[]> {
    const address = await this.#address();
    let price = 0n;
    for (const { cid, bytes } of blocks) {
      if ((await this.#find(cid, address)) === undefined) price += await this.#price(bytes.length);
    }
    if (price === 0n) return ["arweave: nothing to pay, all of it is there"];
    return [`arweave: ${formatAr(price)} AR for ever, from ${await this.#assertFunds(price)}`];
  }

  copiesOf(cid: CID): readonly string[] {
    const id = this.#known.get(cid.toString());
    return id === undefined ? [] : [`ar://${id}`];
  }

  /** A transaction of ours: one that an earlier run noted, or one that the network knows and that holds these bytes. */
  async #find(cid: CID, address: string, signal?: AbortSignal): Promise<string | undefined> {
    const noted = await this.#options.journal.read(entryOf(cid), journalEntry);
    if (noted?.complete === true && noted.transaction.owner === this.#options.key.n) {
      const { id } = noted.transaction;
      if ((await this.#node.state(id, signal)) !== "unknown") return id;
    }
    for (const uri of (await this.#options.findCopies?.()) ?? []) {
      const id = uri.slice("ar://".length);
      if ((await this.#node.state(id, signal)) === "mined" && (await this.#holds(id, cid, signal))) return id;
    }
    for (const id of await this.#node.find(cid, address, signal)) if (await this.#holds(id, cid, signal)) return id;
    return undefined;
  }

  async #holds(id: string, cid: CID, signal?: AbortSignal): Promise<boolean> {
    const bytes = await this.#node.data(id, signal);
    return bytes !== undefined && bytesMatchCid(cid, bytes);
  }

  async #send(block: Block, signal?: AbortSignal): Promise<string> {
    const { journal, key, note } = this.#options;
    const entry = entryOf(block.cid);
    const noted = await journal.read(entry, journalEntry);
    const old = noted?.transaction.owner === key.n ? noted.transaction : undefined;
    let transaction = old ?? (await this.#sign(block, signal));
    if ((await this.#post(transaction, block.bytes, signal)) === "stale") {
      // It was never mined and never will be, so a new one pays once as well.
      transaction = await this.#sign(block, signal);
      if ((await this.#post(transaction, block.bytes, signal)) === "stale") {
        throw new ProvenanceError("STORE_FAILED", "The Arweave node refuses its own anchor. Try another ARWEAVE_URL.");
      }
    }
    await journal.write(entry, { transaction, complete: true });
    note?.(`sent ${block.cid.toString()} to Arweave: ar://${transaction.id}, mined within minutes`);
    return transaction.id;
  }

  async #sign(block: Block, signal?: AbortSignal): Promise<SignedTransaction> {
    const { journal, key, note } = this.#options;
    const reward = await this.#price(block.bytes.length, signal);
    note?.(`arweave: ${formatAr(reward)} AR from ${await this.#assertFunds(reward)}`);
    const transaction = await signBlock(block, key, { anchor: await this.#node.anchor(signal), reward });
    await journal.write(entryOf(block.cid), { transaction, complete: false });
    return transaction;
  }

  async #post(transaction: SignedTransaction, bytes: Uint8Array, signal?: AbortSignal): Promise<"accepted" | "stale"> {
    const inline = bytes.length <= MAX_INLINE_BYTES;
    const data = inline ? Buffer.from(bytes).toString("base64url") : "";
    const answer = await this.#node.post({ ...transaction, data }, signal);
    if (inline || answer === "stale") return answer;
    for (const chunk of await cutData(transaction, bytes)) await this.#node.postChunk(chunk, signal);
    return answer;
  }

  async #price(bytes: number, signal?: AbortSignal): Promise<bigint> {
    const { maxPrice = MAX_PRICE } = this.#options;
    const price = await this.#node.price(bytes, signal);
    if (price <= maxPrice) return price;
    const text = `Arweave asks ${formatAr(price)} AR for ${bytes} bytes, more than ${formatAr(maxPrice)} AR. Set ARWEAVE_MAX_PRICE to allow it.`;
    throw new ProvenanceError("STORE_REFUSED", text);
  }

  /** @returns who pays and what that address owns @throws {ProvenanceError} `STORE_REFUSED` */
  async #assertFunds(price: bigint): Promise<string> {
    const address = await this.#address();
    const balance = await this.#node.balance(address);
    if (balance >= price) return `${address}, which owns ${formatAr(balance)} AR`;
    const text = `Arweave asks ${formatAr(price)} AR, and ${address} owns ${formatAr(balance)} AR. Nothing was sent.`;
    throw new ProvenanceError("STORE_REFUSED", text);
  }

  async #address(): Promise<string> {
    return addressOf(this.#options.key);
  }
}

function entryOf(cid: CID): string {
  return `arweave-${cid.toString()}`;
}

async function onlyBlock(root: CID, blocks: Blocks): Promise<Block | undefined> {
  let only: Block | undefined;
  for await (const block of blocks) {
    if (only !== undefined || !block.cid.equals(root)) return undefined;
    only = block;
  }
  return only !== undefined && only.bytes.length > 0 ? only : undefined;
}

function formatAr(winston: bigint): string {
  const digits = winston.toString().padStart(WINSTON_DIGITS + 1, "0");
  return `${digits.slice(0, -WINSTON_DIGITS)}.${digits.slice(-WINSTON_DIGITS)}`.replace(/\.?0+$/, "");
}
