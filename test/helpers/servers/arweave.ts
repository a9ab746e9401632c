import { createHash, randomBytes } from "node:crypto";
import Arweave from "arweave";
import { validatePath } from "arweave/node/lib/merkle.js";
import { type FakeAnswer, type FakeServer, type SeenRequest, startFakeServer } from "./fake-server.ts";

interface PostedTransaction {
  readonly id: string;
  readonly owner: string;
  readonly last_tx: string;
  readonly reward: string;
  readonly data: string;
  readonly data_size: string;
  readonly data_root: string;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}
interface Chunk {
  readonly data_root: string;
  readonly data_size: string;
  readonly data_path: string;
  readonly offset: string;
  readonly chunk: string;
}
interface Kept {
  readonly transaction: PostedTransaction;
  mined: boolean;
  readonly data: Map<number, Buffer>;
}

/** A node of Arweave with an index, by the endpoints that a client uses: it checks signatures, proofs and funds. */
export interface FakeArweave extends FakeServer {
  readonly transactions: Map<string, Kept>;
  /** Winston a byte. */
  price: bigint;
  /** Winston of every wallet that has paid nothing yet. */
  readonly balances: Map<string, bigint>;
  /** Puts what was posted into a block; what lacks data stays out. */
  readonly mine: () => void;
  /** Makes all anchors that were given out so far useless, and forgets what was not mined. */
  readonly expire: () => void;
  readonly tagsOf: (id: string) => Record<string, string>;
}

const arweave = new Arweave({});
const decode = (text: string) => Buffer.from(text, "base64url");

/** Starts it. */
export async function startArweave(): Promise<FakeArweave> {
  const transactions = new Map<string, Kept>();
  const balances = new Map<string, bigint>();
  let anchors = new Set<string>();

  const post = async ({ body }: SeenRequest): Promise<FakeAnswer> => {
    const transaction = JSON.parse(body.toString()) as PostedTransaction;
    if (transactions.has(transaction.id)) return { status: 208, body: "Transaction already processed." };
    if (!anchors.has(transaction.last_tx)) return { status: 400, body: "Invalid anchor (last_tx)." };
    const parsed = arweave.transactions.fromRaw(transaction);
    const address = await arweave.wallets.ownerToAddress(transaction.owner);
    const reward = BigInt(transaction.reward);
    const funded = (balances.get(address) ?? 0n) >= reward && reward >= fake.price * BigInt(transaction.data_size);
    const data = decode(transaction.data);
    if (data.length > 0) await parsed.prepareChunks(data);
    const whole = data.length === 0 || parsed.data_root === transaction.data_root;
    if (!funded || !whole || !(await arweave.transactions.verify(parsed))) {
      return { status: 400, body: "Transaction verification failed." };
    }
    balances.set(address, (balances.get(address) ?? 0n) - reward);
    transactions.set(transaction.id, { transaction, mined: false, data: new Map(data.length > 0 ? [[0, data]] : []) });
    return { status: 200, body: "OK" };
  };
  const postChunk = async ({ body }: SeenRequest): Promise<FakeAnswer> => {
    const chunk = JSON.parse(body.toString()) as Chunk;
    const kept = [...transactions.values()].find(({ transaction }) => transaction.data_root === chunk.data_root);
    if (kept === undefined) return { status: 400, body: { error: "data_root_not_found" } };
    const size = Number(chunk.data_size);
    const found = await validatePath(decode(chunk.data_root), Number(chunk.offset), 0, size, decode(chunk.data_path));
    const bytes = decode(chunk.chunk);
    if (found === false || found.chunkSize !== bytes.length) return { status: 400, body: { error: "invalid_proof" } };
    kept.data.set(found.leftBound ?? found.offset - bytes.length, bytes);
    return { status: 200, body: {} };
  };
  const dataOf = ({ data }: Kept): Buffer =>
    Buffer.concat([...data].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes));
  const isWhole = (kept: Kept) => dataOf(kept).length === Number(kept.transaction.data_size);
  const tagsOf = (id: string) =>
    Object.fromEntries(
      (transactions.get(id)?.transaction.tags ?? []).map(({ name, value }) => {
        return [decode(name).toString(), decode(value).toString()];
      }),
    );
  const search = async ({ body }: SeenRequest): Promise<FakeAnswer> => {
    const { variables } = JSON.parse(body.toString()) as {
      variables: { tags: { name: string; values: string[] }[]; owners?: string[] };
    };
    const edges: { node: { id: string } }[] = [];
    for (const [id, { mined, transaction }] of transactions) {
      const tags = tagsOf(id);
      const owner = await arweave.wallets.ownerToAddress(transaction.owner);
      const fits = variables.tags.every(({ name, values }) => values.includes(tags[name] ?? ""));
      if (mined && fits && (variables.owners?.includes(owner) ?? true)) edges.push({ node: { id } });
    }
    return { status: 200, body: { data: { transactions: { edges } } } };
  };
  const read = (pathname: string): FakeAnswer => {
    const [, first = "", second = "", third = ""] = pathname.split("/");
    if (first === "price") return { status: 200, body: String(fake.price * BigInt(second)) };
    if (first === "wallet" && third === "balance") return { status: 200, body: String(balances.get(second) ?? 0n) };
    if (first === "tx_anchor") {
      const anchor = randomBytes(48).toString("base64url");
      anchors.add(anchor);
      return { status: 200, body: anchor };
    }
    const kept = transactions.get(first === "tx" ? second : first);
    if (kept === undefined) return { status: 404, body: "Not Found." };
    if (!kept.mined) return { status: 202, body: "Pending" };
    if (first === "tx" && third === "status") return { status: 200, body: { number_of_confirmations: 3 } };
    return { status: 200, headers: { "Content-Type": tagsOf(first)["Content-Type"] ?? "" }, body: dataOf(kept) };
  };
  const answer = async (request: SeenRequest): Promise<FakeAnswer> => {
    const { method, url } = request;
    if (method === "GET") return read(url.pathname);
    if (url.pathname === "/tx") return post(request);
    return url.pathname === "/chunk" ? postChunk(request) : search(request);
  };
  const server = await startFakeServer(answer);
  const fake: FakeArweave = {
    ...server,
    transactions,
    price: 1000n,
    balances,
    tagsOf,
    mine: () => transactions.forEach((kept) => (kept.mined ||= isWhole(kept))),
    expire: () => {
      anchors = new Set();
      for (const [id, { mined }] of transactions) if (!mined) transactions.delete(id);
    },
  };
  return fake;
}

/** The address of a key, as Arweave computes it. */
export function arweaveAddress(modulus: string): string {
  return createHash("sha256").update(decode(modulus)).digest("base64url");
}
