import { toBeHex } from "ethers";
import { modelId } from "../../indexer/test/helpers/fill-registry.ts";
import type { Indexer } from "../../indexer/test/helpers/indexer.ts";
import { timed } from "./measure.ts";

/** How long answers took, in milliseconds. */
export interface Latency {
  readonly what: string;
  readonly p50: number;
  readonly p99: number;
}

const ROUNDS = 200;

/**
 * Asks an indexer what hubs ask, of models at random.
 *
 * @param registry - CAIP-10
 */
export async function measureQuestions(server: Indexer, registry: string, models: number): Promise<Latency[]> {
  const [first] = (await server.graphql("{ models(limit: 1) { items { creator } } }"))["models"]?.["items"] as {
    creator: string;
  }[];
  const newest = 'orderBy: "mintedAt", orderDirection: "desc", limit: 50';
  const questions: Record<string, (i: number) => Promise<unknown>> = {
    "children of a model, GraphQL": async (i) =>
      server.graphql(`{ edges(where: { parent: "${modelId(i)}" }, limit: 50) { items { child } } }`),
    "children of a model": async (i) => server.ask(`/children/${hex(i)}`),
    "a creator's newest 50": async () =>
      server.graphql(`{ models(where: { creator: "${first?.creator}" }, ${newest}) { items { id license } } }`),
    "newest 50 of a licence": async () =>
      server.graphql(`{ models(where: { license: "MIT" }, ${newest}) { items { id license } } }`),
    "search, a rare word": async (i) => server.ask(`/search?q=number${i}`),
    "search, a word of a tenth": async (i) => server.ask(`/search?q=topic${i % 10}`),
    "lineage of depth 10": async (i) => server.ask(`/lineage/${hex(i)}?depth=10`),
    "places of a model": async (i) => server.ask(`/places/${hex(i)}?registry=${registry}`),
  };
  const latencies: Latency[] = [];
  for (const [what, ask] of Object.entries(questions)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const i = Math.floor(Math.random() * models);
      times.push(await timed(async () => ask(i)));
    }
    times.sort((a, b) => a - b);
    latencies.push({ what, p50: at(times, 0.5), p99: at(times, 0.99) });
  }
  return latencies;
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
}

function hex(number: number): string {
  return toBeHex(modelId(number), 32);
}
