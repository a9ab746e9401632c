import { toDidPkh } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { Graph } from "./graph.ts";

/** Who stands behind a record: its creator's account, and who that is, where it is known. */
export interface Agents {
  readonly creator: string;
  readonly supplier: string;
}

/** Adds the creator, who states all of it, and the publisher, who supplies it. */
export function addAgents({ place, record, publisher }: ExportedModel, graph: Graph): Agents {
  const creator = addAccount(graph, place.chainId, record.creator);
  graph.createdBy = [creator];
  if (publisher?.name === undefined) return { creator, supplier: creator };
  const dids = publisher.claims.filter(({ source, holds }) => source === "did:web" && holds === "yes");
  const identifiers = dids.map(({ id }) => toIdentifier(id));
  const supplier = graph.add("Organization", "Publisher", {
    name: publisher.name,
    ...(identifiers.length > 0 && { externalIdentifier: identifiers }),
  });
  return { creator, supplier };
}

const added = new WeakMap<Graph, Map<string, string>>();

/** Adds an account as an agent, once. @returns its IRI */
export function addAccount(graph: Graph, chainId: bigint, account: string): string {
  const known = added.get(graph) ?? new Map<string, string>();
  added.set(graph, known);
  const name = toDidPkh(chainId, account);
  const id =
    known.get(name) ?? graph.add("Agent", `Agent-${account}`, { name, externalIdentifier: [toIdentifier(name)] });
  known.set(name, id);
  return id;
}

function toIdentifier(identifier: string) {
  return { type: "ExternalIdentifier", externalIdentifierType: "other", identifier };
}
