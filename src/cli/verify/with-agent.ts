import type { Provider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { toCaip10 } from "../../registry/registry.ts";
import { type AgentId, formatAgentId } from "../../verify/agent/agent-id.ts";
import { readAgent } from "../../verify/agent/read-agent.ts";
import type { StatedAgent } from "../../verify/agent/stated-agent.ts";
import { verifyAgent } from "../../verify/agent/verify-agent.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { VerifyRequest } from "../../verify/request.ts";
import type { ChainConnection } from "../chain-connection.ts";
import type { Options } from "../options.ts";
import type { OpenedSources } from "./with-registries.ts";

/** Where an agent, and the records that it names, are asked for. */
interface AgentSources {
  readonly sources: OpenedSources;
  readonly connect: () => Promise<ChainConnection>;
}

/** Judges the model that an agent says it runs; no file is read. Errors as {@link askAgent} and `verifyAgent`. */
export async function verifyWithAgent(
  id: AgentId,
  options: Options,
  from: AgentSources,
  wanted: Pick<VerifyRequest, "tokenId" | "acceptance">,
): Promise<VerifyReport> {
  return verifyAgent({ ...from.sources, ...wanted, agent: await askAgent(id, options, from) });
}

/** The token of the one model that an agent names in the registries that are asked; undefined for none and for several. */
export function tokenOf({ models }: StatedAgent, { registry }: OpenedSources): bigint | undefined {
  const trusted = new Set(registry.map((one) => toCaip10(one).toLowerCase()));
  const ids = new Set(models.filter((one) => trusted.has(one.registry.toLowerCase())).map(({ tokenId }) => tokenId));
  const [id, ...others] = ids;
  return id === undefined || others.length > 0 ? undefined : BigInt(id);
}

/**
 * Reads what an agent says it runs, by a node of its chain: that of a registry there, else the one that is named.
 *
 * @throws {ProvenanceError} `OPTION_MISSING` where no node of its chain is known, `REGISTRY_NOT_FOUND`
 */
export async function askAgent(
  id: AgentId,
  { foreignOrigin }: Options,
  { sources, connect }: AgentSources,
): Promise<StatedAgent> {
  const provider = await findNode(id, { sources, connect });
  if (provider instanceof ProvenanceError) {
    const fault = ["unknown", `The agent's chain could not be asked. ${provider.message}`] as const;
    return { id: formatAgentId(id), models: [], warnings: [], fault };
  }
  const origin = foreignOrigin === undefined ? {} : { privateOrigin: foreignOrigin };
  return readAgent(id, { provider, store: sources.store, ...origin });
}

/** A node that is there and does not answer is an answer, too: nothing is known then. */
async function findNode(
  { chainId }: AgentId,
  { sources: { registry, unreachable }, connect }: AgentSources,
): Promise<Provider | ProvenanceError> {
  const own = registry.find((one) => one.chainId === chainId);
  if (own !== undefined) return own.provider;
  try {
    const connection = await connect();
    if (connection.chainId === chainId) return connection.provider;
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    if (error.code === "CHAIN_UNREACHABLE") return error;
    if (error.code !== "OPTION_MISSING") throw error;
    const [why] = unreachable;
    // A registry of the agent's chain may be among those that are listed and do not answer.
    if (why !== undefined) return new ProvenanceError("CHAIN_UNREACHABLE", why);
  }
  const text = `The agent is on chain ${chainId}, and no node of it is known: name one with --rpc-url, or a registry there.`;
  throw new ProvenanceError("OPTION_MISSING", text);
}
