import { isRecord } from "../../base/is-record.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { METADATA_MAX_BYTES } from "../../metadata/schema.ts";
import { type AgentId, formatAgentId } from "./agent-id.ts";
import { MODEL_ENTRY_NAME, type StatedModel, readModelEntry } from "./model-entry.ts";

/** What the registration file of an agent says, as far as it is looked at here. */
export interface AgentRegistration {
  /** What the agent is called. A stranger's text. */
  readonly name?: string;
  /** Models that it says it runs, each record once. */
  readonly models: readonly StatedModel[];
  /** What is wrong with entries about models that name none, a clause each. */
  readonly faults: readonly string[];
  /** What to be wary of, a sentence each. */
  readonly warnings: readonly string[];
}

const TYPE = "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";
// As the specification calls the list now, and as it did before.
const LISTS = ["services", "endpoints"] as const;
const MAX_ENTRIES = 100;
const MAX_NAME = 200;

/**
 * Reads an agent's registration file, which a stranger wrote: entries that are not about models are passed over, whatever
 * they are.
 *
 * @throws {ProvenanceError} `METADATA_INVALID`, `METADATA_TOO_LARGE` for what is no JSON
 * @see https://eips.ethereum.org/EIPS/eip-8004
 */
export function readRegistrationFile(bytes: Uint8Array, id: AgentId): AgentRegistration {
  const parsed = parseUntrustedJson(bytes, METADATA_MAX_BYTES, "The agent's registration file");
  const file = isRecord(parsed) ? parsed : {};
  const entries = LISTS.flatMap((list) => membersOf(file[list])).filter(({ name }) => name === MODEL_ENTRY_NAME);
  const read = entries.slice(0, MAX_ENTRIES).map(readModelEntry);
  const models = new Map<string, StatedModel>();
  for (const one of read) {
    if ("tokenId" in one) models.set(`${one.registry.toLowerCase()}/${one.tokenId}`, one);
  }
  const { name } = file;
  return {
    ...(typeof name === "string" && name !== "" && { name: name.slice(0, MAX_NAME) }),
    models: [...models.values()],
    faults: read.flatMap((one) => ("fault" in one ? [one.fault] : [])),
    warnings: [
      ...(file["type"] === TYPE ? [] : ["The agent's file does not say that it is a registration file (ERC-8004)."]),
      ...(namesAgent(file, id) ? [] : ["The agent's file does not name this agent among its registrations."]),
      ...(entries.length > MAX_ENTRIES ? [`Of ${entries.length} models that it names ${MAX_ENTRIES} were read.`] : []),
    ],
  };
}

/** Whether the file says that it is of this agent: its owner may have put another's there. */
function namesAgent({ registrations }: Record<string, unknown>, id: AgentId): boolean {
  const own = formatAgentId(id).toLowerCase();
  return membersOf(registrations).some(({ agentRegistry, agentId }) => {
    const isId = typeof agentId === "number" || typeof agentId === "string";
    return isId && typeof agentRegistry === "string" && `${agentRegistry}/${agentId}`.toLowerCase() === own;
  });
}

function membersOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
