import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EIP1193Provider, trackTransaction } from "@nomicfoundation/ignition-core";

/** A line of Ignition's journal, as far as it is read here. */
interface JournalLine {
  readonly type: string;
  readonly futureId?: string;
  readonly networkInteractionId?: number;
  readonly nonce?: number;
  readonly from?: string;
}

/** A transaction as a node gives it. */
interface NodeTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: string;
}

/**
 * Finds what a deployment sent without writing down its hash, for it was killed in between: the transaction of its account
 * at the nonce that it had chosen. Ignition is told of it and goes on; otherwise it would refuse, or deploy a second time.
 *
 * @param folder - of the deployment
 */
export async function findLostTransactions(folder: string, provider: EIP1193Provider): Promise<void> {
  const lines = await readJournal(join(folder, "journal.jsonl"));
  const keyOf = ({ futureId, networkInteractionId, nonce }: JournalLine) =>
    `${futureId} ${networkInteractionId} ${nonce}`;
  const sent = new Set(lines.filter(({ type }) => type === "TRANSACTION_SEND").map(keyOf));
  const senders = new Map(lines.flatMap(({ futureId, from }) => (from === undefined ? [] : [[futureId, from]])));
  for (const line of lines) {
    const from = senders.get(line.futureId);
    if (line.type !== "TRANSACTION_PREPARE_SEND" || line.nonce === undefined || from === undefined) continue;
    if (sent.has(keyOf(line))) continue;
    const hash = await findTransaction(provider, from, line.nonce);
    if (hash !== undefined) await trackTransaction(folder, hash, provider);
  }
}

async function readJournal(path: string): Promise<JournalLine[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line.endsWith("}") ? [JSON.parse(line) as JournalLine] : []));
}

/** The hash of what an account sent at a nonce: in the block in which its count passes it, or waiting. */
async function findTransaction(provider: EIP1193Provider, from: string, nonce: number): Promise<string | undefined> {
  const count = async (block: string) => {
    return Number(await provider.request({ method: "eth_getTransactionCount", params: [from, block] }));
  };
  const pick = async (block: string) => {
    const params = [block, true];
    const found = (await provider.request({ method: "eth_getBlockByNumber", params })) as {
      transactions: NodeTransaction[];
    } | null;
    return found?.transactions.find(
      (sent) => sent.from.toLowerCase() === from.toLowerCase() && Number(sent.nonce) === nonce,
    )?.hash;
  };
  if ((await count("latest")) <= nonce) return (await count("pending")) > nonce ? pick("pending") : undefined;
  let [low, high] = [0, Number(await provider.request({ method: "eth_blockNumber" }))];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await count(`0x${middle.toString(16)}`)) > nonce) high = middle;
    else low = middle + 1;
  }
  return pick(`0x${low.toString(16)}`);
}
