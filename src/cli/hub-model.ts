import { ProvenanceError } from "../base/errors.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Hub } from "../hub/hub.ts";
import type { Pauses } from "../hub/rate-limit.ts";
import type { OptionValues } from "./options.ts";
import type { HUB_OPTIONS } from "./option-sets.ts";
import type { Terminal } from "./terminal.ts";

type HubOptions = OptionValues<(typeof HUB_OPTIONS)[number]>;

const HUB_PATH = /^hf:/;

/** Opens the Hub that the options name. The client is loaded only where it is used. Errors as `openHub`. */
export async function connectHub(
  { hubEndpoint, hubToken, hubConcurrency }: HubOptions & OptionValues<"hubConcurrency">,
  { note }: Pick<Terminal, "note">,
  pauses?: Pauses,
): Promise<Hub> {
  const { openHub } = await import("../hub/hub.ts");
  return openHub({
    ...(hubEndpoint !== undefined && { endpoint: hubEndpoint }),
    ...(hubToken !== undefined && { accessToken: hubToken }),
    ...(hubConcurrency !== undefined && { concurrency: hubConcurrency }),
    ...(pauses && { pauses }),
    onWait: (milliseconds) => note(`the Hub asks to wait: ${Math.ceil(milliseconds / 1000)} s`),
  });
}

/**
 * Hashes a model of the Hub, without its weights, where the path names one: `hf:owner/name` or `hf:owner/name@revision`.
 *
 * @returns undefined for a path on this machine
 */
export async function hashOnHub(
  options: HubOptions & OptionValues<"modelPath" | "ignorePaths">,
  terminal: Pick<Terminal, "note">,
): Promise<HashedModel | undefined> {
  const { modelPath = "", ignorePaths = [] } = options;
  if (!HUB_PATH.test(modelPath)) return undefined;
  const { hashHubModel } = await import("../hub/inspect-model.ts");
  const { parseHubPath } = await import("../metadata/repo-id.ts");
  return hashHubModel(await connectHub(options, terminal), parseHubPath(modelPath), { ignorePaths });
}

/** Of a model on the Hub all files are compared, and nothing else. @throws {ProvenanceError} `OPTION_INVALID` */
export function assertWholeOnHub({ modelPath = "" }: OptionValues<"modelPath">, kinds: readonly unknown[]): void {
  if (kinds.length === 0 || !HUB_PATH.test(modelPath)) return;
  const text = `${String(kinds[0])} needs the files: download ${modelPath} first, or verify it without.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}
