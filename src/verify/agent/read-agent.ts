import type { Provider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { type FetchMetadataOptions, fetchMetadata } from "../foreign/fetch-metadata.ts";
import { type ForeignToken, readForeignToken } from "../foreign/foreign-token.ts";
import { type TokenUri, readTokenUri } from "../foreign/token-uri.ts";
import { type AgentId, formatAgentId } from "./agent-id.ts";
import { MODEL_ENTRY_NAME } from "./model-entry.ts";
import { readRegistrationFile } from "./registration-file.ts";
import type { StatedAgent } from "./stated-agent.ts";

/** How an agent is asked. */
export interface ReadAgentOptions extends FetchMetadataOptions {
  /** A node of the agent's chain. */
  readonly provider: Provider;
  /** Where a content addressed registration file is read. */
  readonly store: BlockSource;
}

/**
 * Reads which models an agent says it runs: its token in the Identity Registry leads to the registration file, which is
 * fetched as any stranger's metadata are.
 *
 * @returns also where nothing could be read: why then
 * @throws {ProvenanceError} `REGISTRY_NOT_FOUND` where there is no contract
 * @see https://eips.ethereum.org/EIPS/eip-8004
 */
export async function readAgent(id: AgentId, { provider, store, ...options }: ReadAgentOptions): Promise<StatedAgent> {
  const stated = { id: formatAgentId(id), models: [], warnings: [] };
  try {
    const token = await readForeignToken(provider, id.registry, id.agentId);
    if (token === undefined) {
      return { ...stated, fault: ["absent", `The registry ${id.registry} has no agent ${id.agentId} with a file.`] };
    }
    return { ...stated, ...(token.owner && { owner: token.owner }), ...(await readFile(id, token, store, options)) };
  } catch (error) {
    return { ...stated, fault: toFault(error) };
  }
}

/** What the agent's file says, and what that is worth. */
async function readFile(
  id: AgentId,
  { uri: text }: ForeignToken,
  store: BlockSource,
  options: FetchMetadataOptions,
): Promise<Partial<StatedAgent>> {
  let uri: TokenUri | undefined;
  try {
    uri = readTokenUri(text);
    const { name, models, faults, warnings } = readRegistrationFile(await fetchMetadata(uri, store, options), id);
    const said = [...warnings, ...faults.map(describeFaulty), ...describeFile(uri)];
    const read = { file: uri.kind, models, warnings: said, ...(name !== undefined && { name }) };
    if (models.length > 0) return read;
    const [first] = faults;
    return { ...read, fault: first === undefined ? NO_MODEL : ["unknown", describeFaulty(first)] };
  } catch (error) {
    return { ...(uri && { file: uri.kind }), fault: toFault(error) };
  }
}

const NO_MODEL = [
  "absent",
  `The agent's registration file names no model: it has no service of the name ${MODEL_ENTRY_NAME}.`,
] as const;

function describeFaulty(fault: string): string {
  return `The agent's registration file has an entry ${MODEL_ENTRY_NAME} that cannot be read: ${fault}.`;
}

/** An address on the web says today this and tomorrow that, and nobody else learns of it. */
function describeFile(uri: TokenUri): string[] {
  if (uri.kind !== "web" || uri.arweave) return [];
  const { host, protocol } = uri.url;
  const open = protocol === "https:" ? "" : ", and the connection is open to whoever is between";
  return [`The agent's registration file is on ${host}, which may answer something else at any time${open}.`];
}

/** What could not be read is not known; a registry that is none is for who named it. */
function toFault(error: unknown): NonNullable<StatedAgent["fault"]> {
  if (!(error instanceof ProvenanceError) || error.code === "REGISTRY_NOT_FOUND") throw error;
  return ["unknown", `What the agent says could not be read. ${error.message}`];
}
