import { type ChainRequest, evidenceOf, placesOf, searchOf } from "../ask-chain.ts";
import { conclude } from "../conclude.ts";
import { type Finding, failed } from "../findings.ts";
import { type Found, chooseRecord, locate } from "../locate.ts";
import { examine } from "../pipeline.ts";
import type { VerifiedModel, VerifyReport } from "../report.ts";
import { describeAgent, isNamed, judgeAgent, judgeFault, judgeStatement, modelsOf, sayModels } from "./judge-agent.ts";
import type { StatedAgent } from "./stated-agent.ts";

/** Input of {@link verifyAgent}. */
export interface VerifyAgentRequest extends ChainRequest {
  /** As `readAgent` read it. */
  readonly agent: StatedAgent;
}

/**
 * Finds out from the chain whether the model that an agent says it runs is recorded, and what was said of it since. No file
 * is read: that the agent runs it is a statement of the agent's owner.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 * @example
 * const agent = await readAgent(parseAgentId("eip155:1:0x8004…/22"), { provider, store });
 * const { verdict } = await verifyAgent({ agent, registry, store });
 */
export async function verifyAgent(request: VerifyAgentRequest): Promise<VerifyReport> {
  const { agent, tokenId } = request;
  const evidence = evidenceOf(request);
  const wanted = chooseModel(agent, tokenId);
  if (typeof wanted !== "bigint") return conclusionOf(request, wanted);
  const named = modelsOf(agent, wanted);
  // What is said to be recorded where nobody is trusted is not looked for elsewhere.
  const settled = judgeStatement(agent, wanted, evidence);
  if (settled !== undefined) return conclusionOf(request, settled);
  const search = { ...searchOf(request, [wanted]), isNamed: true };
  const found = await locate(evidence, search);
  const judged = chooseRecord(
    found.records.filter((record) => isNamed(named, record)),
    search,
  );
  if (judged === undefined) return conclusionOf(request, judgeAgent(agent, wanted, evidence, found), found);
  const compare = () => ({ files: [], filesChecked: 0, findings: [] });
  return examine({
    way: "agent",
    evidence,
    found,
    judged,
    model: toModel(agent),
    compare,
  });
}

/** The one model that the verdict is about, or why there is none. */
function chooseModel(agent: StatedAgent, tokenId: bigint | undefined): bigint | Finding {
  const fault = judgeFault(agent);
  if (fault !== undefined) return fault;
  if (tokenId !== undefined) return tokenId;
  const [id = "0x0", ...others] = new Set(agent.models.map((model) => model.tokenId));
  if (others.length === 0) return BigInt(id);
  const reason = `The agent names ${others.length + 1} models: say with --token which one is meant. ${sayModels(agent)}`;
  return failed("unknown", "which model is meant", reason);
}

function conclusionOf(request: VerifyAgentRequest, finding: Finding, found?: Found): VerifyReport {
  const { agent } = request;
  const registries = placesOf(evidenceOf(request));
  const draft = {
    method: "agent",
    filesChecked: 0,
    model: toModel(agent),
    registries,
    files: [],
    sameWeights: [],
    ...(found && { gaps: found.gaps }),
  } as const;
  const named = [...describeAgent(agent), finding].map((one) => {
    return { name: "agent", what: "what the agent says it runs", finding: one };
  });
  return conclude("agent", draft, named);
}

/** No file of it is at hand: it is called by its agent. */
function toModel({ id }: StatedAgent): VerifiedModel {
  return { path: id, kind: "file", excluded: [], ignorePaths: [] };
}
