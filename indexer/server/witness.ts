import { setTimeout as sleep } from "node:timers/promises";
import type { IndexedChain } from "../lib/chains.ts";
import { readHash } from "./ask-node.ts";
import type { AskPonder } from "./ask-ponder.ts";
import type { Database } from "./documents/database.ts";

/** A block that the index holds as final, and that is not the chain's any more: what is indexed up to it may be wrong. */
export interface ReplacedBlock {
  readonly block: number;
  /** Its hash when it became final. */
  readonly was: string;
  /** What the node says now. */
  readonly is: string;
}

/** What {@link watchChains} needs. */
export interface WatchOptions {
  readonly chains: readonly IndexedChain[];
  readonly ask: AskPonder;
  readonly database: Database;
  /** The schema with the tables of events: what is kept belongs to it. */
  readonly schema: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What is known of the blocks that the index holds as final. */
export interface ChainWatch {
  readonly replaced: (chainId: number) => ReplacedBlock | undefined;
  /** The newest of them that was seen on the chain. */
  readonly final: (chainId: number) => number | undefined;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
}

const PAUSE = 2000;
const MAX_ANSWER = 64 * 1024;
const HINT = "What is indexed of it is not answered. Start the indexer with --anew, and it is indexed again";

/**
 * Keeps the hash of the newest block that Ponder takes for final, and of block 0, and compares them with the node. Ponder
 * itself keeps neither: after a start it would go on above blocks that the chain took back.
 */
export function watchChains(options: WatchOptions): ChainWatch {
  const { chains, signal, log } = options;
  const replaced = new Map<number, ReplacedBlock>();
  const finals = new Map<number, number>();
  const lookAt = async (chain: IndexedChain, final: number) => {
    const found = await compare(chain, final, options);
    if (found === undefined) return;
    const { chainId } = chain;
    if ("is" in found) {
      if (!replaced.has(chainId))
        log(`eip155:${chainId}: the chain took back block ${found.block}, which was final. ${HINT}`);
      replaced.set(chainId, found);
      return;
    }
    replaced.delete(chainId);
    finals.set(chainId, found.block);
  };
  const look = async () => {
    const found = await readCheckpoints(options.ask);
    for (const chain of chains) {
      const final = found.get(chain.chainId);
      if (final !== undefined) await lookAt(chain, final);
    }
  };
  const keepLooking = async () => {
    while (!signal.aborted) {
      await look().catch((error: unknown) => {
        if (!signal.aborted) log(`final blocks: ${(error as Error).message}`);
      });
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    replaced: (chainId) => replaced.get(chainId),
    final: (chainId) => finals.get(chainId),
    ended: keepLooking(),
  };
}

/** Forgets what was kept of an index that is thrown away. */
export async function forgetWitnesses(database: Database, schema: string): Promise<void> {
  await database.query("DELETE FROM provenance_documents.witness WHERE schema = $1", [schema]);
}

interface Witness {
  readonly block: number;
  readonly hash: string;
}

/** @returns the block that is not the chain's any more, else the one that is kept; undefined where the node does not tell */
async function compare(
  { chainId, rpcUrl }: IndexedChain,
  final: number,
  { database, schema }: WatchOptions,
): Promise<ReplacedBlock | Witness | undefined> {
  const rows = await database.query(
    "SELECT block, hash FROM provenance_documents.witness WHERE schema = $1 AND chain = $2 ORDER BY block DESC",
    [schema, chainId],
  );
  const kept = rows.map((row): Witness => ({ block: Number(row["block"]), hash: String(row["hash"]) }));
  // Where it begins below what is kept, PGlite's files were thrown away.
  const standing = kept.filter(({ block }) => block <= final);
  let isThere = standing.length === 0;
  for (const { block, hash } of standing) {
    const is = await readHash(rpcUrl, block);
    if (is !== undefined && is !== hash) return { block, was: hash, is };
    // Block 0 is asked for where the node has not the newer one: a development chain that was started again is short.
    isThere = is !== undefined && block === standing[0]?.block;
    if (isThere) break;
  }
  if (!isThere || standing[0]?.block === final) return isThere ? standing[0] : undefined;
  const [first, last] = [await readHash(rpcUrl, 0), await readHash(rpcUrl, final)];
  if (last === undefined) return undefined;
  const witnesses = [
    { block: final, hash: last },
    ...(first !== undefined && final > 0 ? [{ block: 0, hash: first }] : []),
  ];
  await database.query(
    `WITH gone AS (DELETE FROM provenance_documents.witness WHERE schema = $1 AND chain = $2 AND block > 0 AND block <> $3)
     INSERT INTO provenance_documents.witness
       SELECT $1, $2, block, hash FROM jsonb_to_recordset($4::jsonb) AS row(block bigint, hash text)
     ON CONFLICT DO NOTHING`,
    [schema, chainId, final, JSON.stringify(witnesses)],
  );
  return { block: final, hash: last };
}

async function readCheckpoints(ask: AskPonder): Promise<Map<number, number>> {
  // While it is started it answers nobody.
  const { status, text } = await ask("/checkpoints", MAX_ANSWER).catch(() => ({ status: 0, text: "" }));
  if (status !== 200) return new Map();
  const { checkpoints } = JSON.parse(text) as { checkpoints: { chainId: number; block: number }[] };
  return new Map(checkpoints.map(({ chainId, block }) => [chainId, block]));
}
