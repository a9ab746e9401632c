import { z } from "zod";
import { type Hex, toHex32 } from "../../base/hex.ts";
import { type OnModels, listModels } from "./listed-models.ts";
import type { EventPlaces } from "../event-places.ts";

/** A batch that may hold a model. */
export interface BatchCandidate {
  /** CAIP-10 account of the registry, in lower case. */
  readonly registry: string;
  readonly root: Hex;
  readonly creator: string;
}

/** A child elsewhere that the owner of a model may have endorsed. */
export interface EndorsedCandidate {
  /** CAIP-10 account of its registry. */
  readonly registry: string;
  readonly tokenId: bigint;
}

/** Models that may be above and below another one in its registry. */
export interface LineageCandidates {
  readonly ids: readonly bigint[];
  /** Whether the indexer says that it left some out. */
  readonly truncated: boolean;
}

/** Where a registry, and the markets on its chain, may say something of a model. */
export interface ModelPlaces {
  readonly registry: EventPlaces;
  /** By the addresses of the markets that the indexer knows, in lower case: where offers of the model may be. */
  readonly markets: ReadonlyMap<string, EventPlaces>;
}

/**
 * What an indexer is asked. Its answers are candidates: where to look, never what is there, and what is not among them may
 * be there all the same. Every method answers `undefined` where the indexer does not, whatever the reason.
 */
export interface IndexerClient {
  /** Its address, without what may be secret. */
  readonly name: string;
  readonly findBatches: (tokenId: bigint) => Promise<readonly BatchCandidate[] | undefined>;
  readonly findLineage: (registry: string, tokenId: bigint) => Promise<LineageCandidates | undefined>;
  readonly findEndorsed: (registry: string, parentId: bigint) => Promise<readonly EndorsedCandidate[] | undefined>;
  /** Tells of all models of a registry, page by page. @returns the block up to which it says it has read the registry */
  readonly listModels: (registry: string, onModels: OnModels) => Promise<number | undefined>;
  /** Also `undefined` where they are too many to be named. */
  readonly findPlaces: (registry: string, tokenId: bigint) => Promise<ModelPlaces | undefined>;
}

/** Effects and bounds of {@link openIndexer}. */
export interface IndexerOptions {
  readonly fetch?: typeof fetch;
  /** Milliseconds for an answer, to its last byte. */
  readonly timeout?: number;
  /** The largest answer, in bytes. */
  readonly maxBytes?: number;
  /** Told once why it cannot be used. */
  readonly warn?: (text: string) => void;
}

const TIMEOUT = 5000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ITEMS = 10_000;
const MAX_MARKETS = 100;
const DEPTH = 64;
const LIMIT = 5000;

const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const place = z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/);
const batchesSchema = z.object({
  batches: z.array(z.object({ registry: place, root: hex32, creator: z.string() })).max(MAX_ITEMS),
});
const lineageSchema = z.object({
  links: z.array(z.object({ registry: place, child: hex32, parent: hex32 })).max(MAX_ITEMS),
  truncated: z.boolean(),
});
const blocks = z.array(z.int().nonnegative()).max(5 * MAX_ITEMS);
const placesSchema = z.object({
  blocks,
  markets: z.array(z.object({ market: z.string().regex(/^0x[0-9a-f]{40}$/), blocks })).max(MAX_MARKETS),
  upTo: z.int(),
  truncated: z.boolean(),
});
const endorsedSchema = z.object({ endorsed: z.array(z.object({ registry: place, tokenId: hex32 })).max(MAX_ITEMS) });

/**
 * Opens an indexer. Nothing is asked yet. One that failed is not asked again: nobody waits for it model by model.
 *
 * @param url - `https://…`, as `npm run indexer` prints it
 */
export function openIndexer(url: string, options: IndexerOptions = {}): IndexerClient {
  const { timeout = TIMEOUT, maxBytes = MAX_BYTES, warn = () => undefined } = options;
  const base = url.replace(/\/+$/, "");
  const name = nameOf(url);
  let hasFailed = false;
  const refuse = (reason: string) => {
    hasFailed = true;
    warn(`The indexer ${name} is not used: ${reason}. The chain is asked without it.`);
  };
  const ask = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: object,
  ): Promise<z.infer<Schema> | undefined> => {
    if (hasFailed) return undefined;
    try {
      const signal = AbortSignal.timeout(timeout);
      const init = { signal, redirect: "error", ...(body && { method: "POST", body: JSON.stringify(body) }) } as const;
      const headers = { ...(body && { "content-type": "application/json" }) };
      const response = await (options.fetch ?? fetch)(base + path, { ...init, headers });
      if (!response.ok) throw new Error(describeStatus(response.status));
      return schema.parse(JSON.parse(await readText(response, maxBytes, signal)));
    } catch (error) {
      refuse(describeFailure(error));
      return undefined;
    }
  };
  return {
    name,
    findBatches: async (tokenId) => {
      const found = await ask(`/anchored/${toHex32(tokenId)}`, batchesSchema);
      return found?.batches.map(({ registry, root, creator }) => {
        return { registry: registry.toLowerCase(), root: root as Hex, creator };
      });
    },
    findLineage: async (registry, tokenId) => {
      const path = `/lineage/${toHex32(tokenId)}?registry=${registry.toLowerCase()}&depth=${DEPTH}&limit=${LIMIT}`;
      const found = await ask(path, lineageSchema);
      if (found === undefined) return undefined;
      const own = found.links.filter((link) => link.registry.toLowerCase() === registry.toLowerCase());
      const ids = new Set(own.flatMap(({ child, parent }) => [BigInt(child), BigInt(parent)]));
      return { ids: [...ids], truncated: found.truncated };
    },
    findPlaces: async (registry, tokenId) => {
      const path = `/places/${toHex32(tokenId)}?registry=${registry.toLowerCase()}`;
      const found = await ask(path, placesSchema);
      if (found === undefined || found.truncated) return undefined;
      const { upTo } = found;
      const markets = new Map(found.markets.map(({ market, blocks: named }) => [market, { blocks: named, upTo }]));
      return { registry: { blocks: found.blocks, upTo }, markets };
    },
    findEndorsed: async (registry, parentId) => {
      const found = await ask(`/children/${toHex32(parentId)}?registry=${registry.toLowerCase()}`, endorsedSchema);
      return found?.endorsed.map((child) => ({ registry: child.registry, tokenId: BigInt(child.tokenId) }));
    },
    listModels: async (registry, onModels) => listModels({ ask, refuse }, registry, onModels),
  };
}

/** Says what may be missing where only what an indexer named was read. */
export function describeNamed({ name }: IndexerClient, what: string, more = ""): string {
  return `${what} are those that the indexer ${name} named, read from the chain${more}. Without it (--indexer none) all are found.`;
}

/** Reads an answer up to a size: one that never ends is cut off, and one that stands still is given up. */
async function readText({ body }: Response, maxBytes: number, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  // A body need not listen to the signal of its request.
  signal.addEventListener("abort", () => void reader?.cancel(signal.reason).catch(() => undefined));
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new Error(`its answer is larger than ${maxBytes} bytes`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  signal.throwIfAborted();
  return text + decoder.decode();
}

function describeStatus(status: number): string {
  const text = `it answers ${status}`;
  // With that the indexer says that a chain took back what was final.
  return status === 503 ? `${text}, and its /status may say why` : text;
}

function describeFailure(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return "its answer cannot be read";
  if ((error as Error).name === "TimeoutError") return "it does not answer in time";
  const { message } = error as Error;
  return /^it(s)? /.test(message) ? message : "it cannot be reached";
}

function nameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "that was named";
}
