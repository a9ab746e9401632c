import { BadQuestion, readId, readRegistry, toHex32 } from "../lib/question.ts";
import type { AskPonder } from "./ask-ponder.ts";
import type { Documents } from "./documents/documents.ts";
import { findStanding, toCandidate } from "./find-anchored.ts";
import type { Answer, Question, Route } from "./front.ts";
import { checkQuery } from "./graphql-guard.ts";
import { type Limits, Refusal } from "./limits.ts";
import { search } from "./search.ts";
import type { Settings } from "./settings.ts";
import { checkStatement } from "./sql-guard.ts";
import type { ChainWatch } from "./witness.ts";
import { isReady, readChainStatus, readIndexed } from "./status.ts";

/** What routes ask. */
export interface RouteContext {
  readonly settings: Settings;
  readonly ask: AskPonder;
  readonly documents: Documents;
  readonly watch: Pick<ChainWatch, "final" | "replaced">;
}

const MIB = 1024 * 1024;
const SMALL: Limits = { atOnce: 32, deadline: 10_000, maxAnswer: 2 * MIB };
const SEARCH: Limits = { atOnce: 4, deadline: 15_000, maxAnswer: 2 * MIB };
const GRAPHQL: Limits = { atOnce: 8, deadline: 20_000, maxAnswer: 8 * MIB };
// Nobody else's question waits for those of whoever asks in SQL.
const SQL: Limits = { atOnce: 2, deadline: 10_000, maxAnswer: 8 * MIB };

/** All routes. */
export function listRoutes(context: RouteContext): Route[] {
  const { settings, ask, documents, watch } = context;
  const get = (path: string, limits: Limits, find: (question: Question) => Promise<object>): Route => {
    const answer = async (question: Question) => {
      refuseReplaced(question.url, watch);
      return { body: { schemaVersion: "1.0", ...(await findOrRefuse(find, question)) } };
    };
    return { path, method: "GET", limits, answer };
  };
  return [
    get("/status", SMALL, async () => {
      const [chains, ready, counts] = await Promise.all([
        readChainStatus(settings.chains, ask, watch),
        isReady(ask),
        documents.count(),
      ]);
      return { ready, chains, ...counts };
    }),
    { path: "/metrics", method: "GET", limits: SMALL, answer: async () => passOn(ask, "/metrics", SMALL) },
    {
      path: "/graphql",
      method: "POST",
      limits: GRAPHQL,
      answer: async ({ body }) => {
        checkQuery(body);
        return passOn(ask, "/graphql", GRAPHQL, body);
      },
    },
    { path: "/sql", method: "GET", limits: SQL, answer: async (question) => answerSql(question, context) },
    get("/search", SEARCH, async ({ url }) => search(url, context)),
    {
      path: "/lineage",
      method: "GET",
      limits: SMALL,
      answer: async ({ url }) => {
        refuseReplaced(url, watch);
        return passOn(ask, url.pathname + url.search, SMALL);
      },
    },
    get("/children", SMALL, async ({ url, rest }) => ({
      ...(await askJson(ask, url.pathname + url.search)),
      anchored: (await findStanding("parents", [toHex32(readId(rest))], context)).map(toCandidate),
    })),
    get("/places", SMALL, async ({ url }) => findPlaces(url, context)),
    get("/weights", SMALL, async ({ url, rest }) => ({
      ...(await askJson(ask, url.pathname)),
      anchored: (await findStanding("weights_digest", [toHex32(readId(rest))], context)).map(toCandidate),
    })),
    get("/anchored", SMALL, async ({ rest }) => ({
      batches: (await findStanding("token_id", [toHex32(readId(rest))], context)).map(toCandidate),
    })),
  ];
}

/** Says as well up to which block the answer goes, and which markets were looked through. */
async function findPlaces(url: URL, { settings, ask }: RouteContext): Promise<object> {
  const registry = readRegistry(url.searchParams.get("registry") ?? "");
  // Read first: what is indexed meanwhile is in the answer all the same.
  const indexed = await readIndexed(ask);
  const { offers, ...found } = (await askJson(ask, url.pathname + url.search)) as {
    offers: { market: string; blocks: number[] }[];
  };
  const chain = settings.chains.find(({ chainId }) => chainId === registry?.chainId);
  const markets = (chain?.markets ?? []).map((address) => {
    const market = address.toLowerCase();
    return { market, blocks: offers.find((offer) => offer.market === market)?.blocks ?? [] };
  });
  const isIndexed = chain?.registries.some((address) => address.toLowerCase() === registry?.address);
  return { ...found, markets, upTo: isIndexed ? (indexed[`eip155:${chain?.chainId}`]?.number ?? -1) : -1 };
}

/** What is indexed of a chain that took back what was final is not answered, for one that asks for a registry on it. */
function refuseReplaced(url: URL, watch: RouteContext["watch"]): void {
  const chainId = /^eip155:(\d{1,15}):/.exec(url.searchParams.get("registry") ?? "")?.[1];
  const block = chainId === undefined ? undefined : watch.replaced(Number(chainId))?.block;
  if (block === undefined) return;
  const text = `The chain took back block ${block}, which was final here. It has to be indexed again: see /status.`;
  throw new Refusal(503, text);
}

async function findOrRefuse(find: (question: Question) => Promise<object>, question: Question): Promise<object> {
  try {
    return await find(question);
  } catch (error) {
    if (error instanceof BadQuestion) throw new Refusal(400, error.message);
    throw error;
  }
}

async function answerSql({ url, rest }: Question, { settings, ask }: RouteContext): Promise<Answer> {
  if (settings.databaseUrl === undefined) {
    throw new Refusal(501, "/sql needs PostgreSQL (--database): PGlite cannot end a query that takes too long.");
  }
  if (rest !== "db") throw new Refusal(404, "There is /sql/db.");
  checkStatement(url.searchParams.get("sql"));
  return passOn(ask, `/sql/db${url.search}`, SQL);
}

async function passOn(ask: AskPonder, path: string, { maxAnswer }: Limits, body?: string): Promise<Answer> {
  const { status, type, text } = await ask(path, maxAnswer, body);
  return { status, type, body: text };
}

async function askJson(ask: AskPonder, path: string): Promise<object> {
  const { status, text, type } = await ask(path, SMALL.maxAnswer);
  if (!type.includes("json")) throw new Refusal(status === 404 ? 404 : 502, "There is no such thing.");
  const answer = JSON.parse(text) as { error?: string };
  if (status !== 200) throw new Refusal(status, answer.error ?? "It could not be answered.");
  return answer;
}
