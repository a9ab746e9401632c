import { type JsonRpcApiProvider, type Provider, isHexString } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";

/** A transaction that is in a block. */
export interface MinedTransaction {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly gasUsed: bigint;
}

/** What a receipt says. */
export interface Receipt extends MinedTransaction {
  readonly succeeded: boolean;
}

/**
 * Reads a receipt as nodes give it: what does not say yet in which block the transaction is, and how it ended, is none.
 * Nothing else of it is looked at.
 *
 * @throws what the provider throws
 */
export async function askReceipt(provider: Provider, hash: string): Promise<Receipt | undefined> {
  const raw = await ask(provider, "eth_getTransactionReceipt", [hash], async () =>
    provider.getTransactionReceipt(hash),
  );
  if (raw === null) return undefined;
  const { blockHash, status } = raw;
  const [blockNumber, gasUsed] = [toQuantity(raw["blockNumber"]), toQuantity(raw["gasUsed"])];
  const success = toQuantity(status);
  if (blockNumber === undefined || gasUsed === undefined || success === undefined) return undefined;
  if (!isHexString(blockHash, 32) || !isSame(raw["transactionHash"] ?? raw["hash"], hash)) return undefined;
  return { transactionHash: hash, blockNumber: Number(blockNumber), blockHash, gasUsed, succeeded: success === 1n };
}

/** Tells whether a node knows a transaction, in a block or on the way there. @throws what the provider throws */
export async function askIsKnown(provider: Provider, hash: string): Promise<boolean> {
  const raw = await ask(provider, "eth_getTransactionByHash", [hash], async () => provider.getTransaction(hash));
  return raw !== null && isSame(raw["hash"], hash);
}

/** Reads the hash of a block; undefined where the node does not have it. @throws what the provider throws */
export async function askBlockHash(provider: Provider, blockNumber: number): Promise<string | undefined> {
  const params = [`0x${blockNumber.toString(16)}`, false];
  const raw = await ask(provider, "eth_getBlockByNumber", params, async () => provider.getBlock(blockNumber));
  return isHexString(raw?.["hash"], 32) ? raw["hash"] : undefined;
}

/** The nonce of a transaction that a node knows; undefined where it knows none. @throws what the provider throws */
export async function askNonce(provider: Provider, hash: string): Promise<number | undefined> {
  const raw = await ask(provider, "eth_getTransactionByHash", [hash], async () => provider.getTransaction(hash));
  const nonce = raw === null ? undefined : toQuantity(raw["nonce"]);
  return nonce === undefined ? undefined : Number(nonce);
}

/** A transaction of a block; addresses in lower case. */
export interface BlockTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: number;
  readonly to: string;
  /** 0x-hex. */
  readonly data: string;
  readonly value: bigint;
}

/** Reads the transactions of a block; those that cannot be read are left out. @throws what the provider throws */
export async function askTransactionsOf(provider: Provider, blockNumber: number): Promise<readonly BlockTransaction[]> {
  const params = [`0x${blockNumber.toString(16)}`, true];
  const raw = await ask(provider, "eth_getBlockByNumber", params, async () => provider.getBlock(blockNumber, true));
  const list = (raw as { prefetchedTransactions?: unknown; transactions?: unknown } | null) ?? {};
  const all = "prefetchedTransactions" in list ? list.prefetchedTransactions : list.transactions;
  return Array.isArray(all) ? all.flatMap((one) => readTransaction(one as Record<string, unknown>) ?? []) : [];
}

function readTransaction(raw: Record<string, unknown>): BlockTransaction | undefined {
  const { hash, from, to } = raw;
  const data = raw["input"] ?? raw["data"];
  const [nonce, value] = [toQuantity(raw["nonce"]), toQuantity(raw["value"])];
  if (!isHexString(hash, 32) || !isHexString(from, 20) || !isHexString(data)) return undefined;
  if (nonce === undefined || value === undefined) return undefined;
  const receiver = isHexString(to, 20) ? to.toLowerCase() : "";
  return { hash: hash.toLowerCase(), from: from.toLowerCase(), nonce: Number(nonce), to: receiver, data, value };
}

/** The answer itself, where the provider lets it be read: ethers refuses one that lacks what nobody here needs. */
async function ask(
  provider: Provider,
  method: string,
  params: unknown[],
  otherwise: () => Promise<object | null>,
): Promise<Record<string, unknown> | null> {
  const { send } = provider as Partial<Pick<JsonRpcApiProvider, "send">>;
  const answer: unknown = send === undefined ? await otherwise() : await send.call(provider, method, params);
  if (answer === null || answer === undefined) return null;
  if (typeof answer === "object") return answer as Record<string, unknown>;
  throw new ProvenanceError(
    "CHAIN_UNREACHABLE",
    `The node's answer to ${method} cannot be read. Try again, or another RPC URL.`,
  );
}

function toQuantity(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : undefined;
}

function isSame(value: unknown, hash: string): boolean {
  return typeof value === "string" && value.toLowerCase() === hash.toLowerCase();
}
