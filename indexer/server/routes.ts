import type { AskPonder } from "./ask-ponder.ts";
import type { Answer, Route } from "./front.ts";
import type { Limits } from "./limits.ts";
import { checkStatement } from "./sql-guard.ts";
import { isReady, readChainStatus } from "./status.ts";
import type { Settings } from "./settings.ts";
import { Refusal } from "./limits.ts";

const MIB = 1024 * 1024;
const SMALL: Limits = { atOnce: 32, deadline: 10_000, maxAnswer: 2 * MIB };
const GRAPHQL: Limits = { atOnce: 8, deadline: 20_000, maxAnswer: 8 * MIB };
// Nobody else's question waits for those of whoever asks in SQL.
const SQL: Limits = { atOnce: 2, deadline: 20_000, maxAnswer: 8 * MIB };

/** All routes. */
export function listRoutes(settings: Settings, ask: AskPonder): Route[] {
  const passOn = async (path: string, { maxAnswer }: Limits, body?: string): Promise<Answer> => {
    const { status, type, text } = await ask(path, maxAnswer, body);
    return { status, type, body: text };
  };
  return [
    {
      path: "/status",
      method: "GET",
      limits: SMALL,
      answer: async () => {
        const chains = await readChainStatus(settings.chains, ask);
        return { body: { schemaVersion: "1.0", ready: await isReady(ask), chains } };
      },
    },
    { path: "/metrics", method: "GET", limits: SMALL, answer: async () => passOn("/metrics", SMALL) },
    {
      path: "/graphql",
      method: "POST",
      limits: GRAPHQL,
      answer: async ({ body }) => passOn("/graphql", GRAPHQL, body),
    },
    {
      path: "/sql",
      method: "GET",
      limits: SQL,
      answer: async ({ url, rest }) => {
        if (settings.databaseUrl === undefined) {
          throw new Refusal(501, "/sql needs PostgreSQL (--database): PGlite cannot end a query that takes too long.");
        }
        if (rest !== "db") throw new Refusal(404, "There is /sql/db.");
        checkStatement(url.searchParams.get("sql"));
        return passOn(`/sql/db${url.search}`, SQL);
      },
    },
    ...["/lineage", "/children", "/weights"].map((path): Route => {
      const answer: Route["answer"] = async ({ url }) => passOn(url.pathname + url.search, SMALL);
      return { path, method: "GET", limits: SMALL, answer };
    }),
  ];
}
