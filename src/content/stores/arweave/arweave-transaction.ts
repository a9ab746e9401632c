import { z } from "zod";
import type { ArweaveKey } from "./arweave-key.ts";
import type { Block } from "../../cid.ts";
import { loadOptional } from "../../../base/optional-package.ts";

/** The tag by which an Arweave transaction names the CID of its data, as ArDrive and the bridge to IPFS write it. */
export const CID_TAG = "IPFS-Add";

/** A signed transaction as nodes take it, its data left out. */
export const signedTransaction = z.object({
  format: z.number(),
  id: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  last_tx: z.string(),
  owner: z.string(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  target: z.string(),
  quantity: z.string(),
  data_size: z.string(),
  data_root: z.string(),
  reward: z.string(),
  signature: z.string(),
});
export type SignedTransaction = z.infer<typeof signedTransaction>;

/** A part of the data, with the proof that it belongs to the transaction. */
export type DataChunk = Readonly<Record<"data_root" | "data_size" | "data_path" | "offset" | "chunk", string>>;

/** The address that a key pays from. */
export async function addressOf(key: ArweaveKey): Promise<string> {
  return (await load()).wallets.jwkToAddress(key);
}

/**
 * Makes a transaction of a block and signs it. Nothing is sent.
 *
 * @param anchor - a recent block of the chain, so that the transaction cannot be kept for later
 * @param reward - what is paid, in winston
 */
export async function signBlock(
  { cid, bytes }: Block,
  key: ArweaveKey,
  { anchor, reward }: { readonly anchor: string; readonly reward: bigint },
): Promise<SignedTransaction> {
  const arweave = await load();
  const attributes = { data: bytes, last_tx: anchor, reward: reward.toString() };
  const transaction = await arweave.createTransaction(attributes, key);
  transaction.addTag("Content-Type", contentTypeOf(bytes));
  transaction.addTag(CID_TAG, cid.toString());
  transaction.addTag("App-Name", "model-provenance-nft");
  await arweave.transactions.sign(transaction, key);
  return signedTransaction.parse(transaction.toJSON());
}

/** Cuts the data of a transaction into the parts that nodes take. */
export async function cutData(signed: SignedTransaction, bytes: Uint8Array): Promise<readonly DataChunk[]> {
  const arweave = await load();
  const transaction = arweave.transactions.fromRaw({ ...signed });
  await transaction.prepareChunks(bytes);
  return (transaction.chunks?.chunks ?? []).map((_, i) => transaction.getChunk(i, bytes));
}

// Gateways serve the data with this type. It is told by the first bytes, for what is pinned has no names.
function contentTypeOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 64)).toString("latin1").trimStart();
  if (start.startsWith("{")) return "application/json";
  return start.startsWith("<svg") ? "image/svg+xml" : "application/octet-stream";
}

// The package signs and cuts; it never talks to a node here.
async function load() {
  const why = "Arweave's transactions are signed with its own package";
  const { default: Arweave } = await loadOptional(async () => import("arweave"), why, "arweave");
  return new Arweave({});
}
