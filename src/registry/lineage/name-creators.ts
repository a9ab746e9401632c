import { type Deadline, startDeadline } from "../../base/deadline.ts";
import { mapAtOnce } from "../../base/concurrency.ts";
import { findPublisher } from "../publishers/find-publisher.ts";
import type { PublisherSources } from "../publishers/publisher-sources.ts";
import type { Publisher } from "../publishers/publisher.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import type { Lineage, LineageNode } from "./lineage-graph.ts";

const ASKED_AT_ONCE = 8;
// Web sites and signatures of strangers: a lineage may name very many.
const MAX_ASKED = 64;
const MAX_WAIT = 15_000;

/**
 * Finds out who is behind the creators of a lineage, each account with each of its statements once; nobody waits longer than
 * 15 seconds in all. Of very many the first are asked, and of the others the address book says what it knows.
 */
export async function nameCreators(
  lineage: Lineage,
  registries: readonly Registry[],
  sources: PublisherSources,
  deadline: Deadline = startDeadline(MAX_WAIT),
): Promise<Lineage> {
  const places = new Map(registries.map((registry) => [toCaip10(registry), registry]));
  const asked = new Map<string, Promise<Publisher>>();
  const ask = async (node: LineageNode): Promise<LineageNode> => {
    const { model, statement } = node;
    const place = places.get(node.registry);
    if (model === undefined || place === undefined) return node;
    const key = [node.registry, model.creator, statement?.did, statement?.signature].join(" ");
    const account = { account: model.creator, chainId: place.chainId, registry: place.address };
    const question = { ...account, statement, provider: place.provider, deadline };
    const known = asked.get(key);
    const limited = sources.book === undefined ? {} : { book: sources.book };
    const found = known ?? findPublisher(question, asked.size < MAX_ASKED ? sources : limited);
    asked.set(key, found);
    return { ...node, publisher: await found };
  };
  const nodes = await mapAtOnce([...lineage.nodes.values()], ASKED_AT_ONCE, ask);
  return { ...lineage, nodes: new Map(nodes.map((node) => [node.key, node])) };
}
