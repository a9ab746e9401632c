import { toHex32 } from "../../base/hex.ts";
import { toCaip10 } from "../../registry/registry.ts";
import type { ChainEvidence, LocatedRecord } from "../evidence.ts";
import { type Finding, failed, notDone, passed, warns } from "../findings.ts";
import type { Found } from "../locate.ts";
import type { StatedModel } from "./model-entry.ts";
import type { StatedAgent } from "./stated-agent.ts";

const WHAT = "the agent's owner says that it runs this model";

/** What is to be known of an agent's statement, whatever it is worth. */
export function* describeAgent(agent: StatedAgent): Generator<Finding> {
  yield { kind: "facts", facts: { agent } };
  for (const warning of agent.warnings) yield warns(warning);
  yield notDone(
    "its owner states it, and nobody can see that from outside",
    "whether the agent runs the model it names",
  );
}

/** The finding of an agent of which no model is known; undefined where one is. */
export function judgeFault({ fault }: StatedAgent): Finding | undefined {
  return fault && failed(fault[0], WHAT, fault[1]);
}

/**
 * What can be judged before any registry is asked: whether the agent names the model at all, and a record of it in a registry
 * that the verifier trusts. What is said to be recorded elsewhere is not trusted, and nobody asked there.
 *
 * @returns undefined where the registries have to say
 */
export function judgeStatement(
  agent: StatedAgent,
  tokenId: bigint,
  { registries, unreachable }: Pick<ChainEvidence, "registries" | "unreachable">,
): Finding | undefined {
  const fault = judgeFault(agent);
  if (fault !== undefined) return fault;
  const named = modelsOf(agent, tokenId);
  if (named.length === 0) return failed("differs", WHAT, `The agent does not name this model. ${sayModels(agent)}`);
  if (registries.some((registry) => isPlace(named, toCaip10(registry)))) return undefined;
  const text = `The agent names a record in ${listPlaces(named)}, which`;
  const [why] = unreachable;
  return why === undefined
    ? failed("refused", WHAT, `${text} is not one of the registries that are trusted, so that nobody asked there.`)
    : failed("unknown", WHAT, `${text} is not one of those that could be asked. ${why}`);
}

/** Judges whether what an agent names is recorded where it says so. */
export function judgeAgent(
  agent: StatedAgent,
  tokenId: bigint,
  evidence: Pick<ChainEvidence, "registries" | "unreachable">,
  { records, gaps }: Pick<Found, "records" | "gaps">,
): Finding {
  const before = judgeStatement(agent, tokenId, evidence);
  if (before !== undefined) return before;
  const named = modelsOf(agent, tokenId);
  if (records.some((record) => isNamed(named, record))) return passed(WHAT);
  const text = `The agent names a record in ${listPlaces(named)}, and`;
  const [gap] = gaps;
  return gap === undefined
    ? failed("absent", WHAT, `${text} there is none.`)
    : failed("unknown", WHAT, `${text} not every place could be asked. ${gap}`);
}

/** What an agent says of one model. */
export function modelsOf({ models }: Pick<StatedAgent, "models">, tokenId: bigint): readonly StatedModel[] {
  return models.filter((model) => model.tokenId === toHex32(tokenId));
}

/** Whether a record stands where it is said to. */
export function isNamed(models: readonly StatedModel[], { record, place }: LocatedRecord): boolean {
  return isPlace(modelsOf({ models }, record.tokenId), toCaip10(place));
}

/** Says which models an agent names. */
export function sayModels({ models }: StatedAgent): string {
  const ids = [...new Set(models.map(({ tokenId }) => tokenId))];
  const more = ids.length > 3 ? `, and ${ids.length - 3} more` : "";
  return `It names ${ids.slice(0, 3).join(", ")}${more}.`;
}

/** What the agent's file copied from the record, where it is something else. */
export function listCopies(
  agent: StatedAgent,
  { record, place }: LocatedRecord,
): (readonly [what: string, said: string, recorded: string])[] {
  const creator = `did:pkh:eip155:${place.chainId}:${record.creator}`;
  const said = modelsOf(agent, record.tokenId).filter((model) => isPlace([model], toCaip10(place)));
  return said.flatMap(({ license, creator: by }) => [
    ...(license === undefined || license === record.license ? [] : [["the licence", license, record.license] as const]),
    ...(by === undefined || by === creator ? [] : [["the creator", by, creator] as const]),
  ]);
}

function listPlaces(models: readonly StatedModel[]): string {
  return [...new Set(models.map(({ registry }) => registry))].join(", ");
}

function isPlace(models: readonly StatedModel[], place: string): boolean {
  return models.some(({ registry }) => registry.toLowerCase() === place.toLowerCase());
}
