import { mapAtOnce } from "../base/concurrency.ts";
import { collectRanges } from "./block-ranges.ts";
import { type ModelRecord, readModelRecord } from "./model-record.ts";
import { type ReadEventsOptions, readEvents } from "./read-events.ts";
import type { Registry } from "./registry.ts";

/** A later version of a model. */
export interface NewerVersion {
  readonly record: ModelRecord;
  /** As its creator numbered it; empty where it was not. */
  readonly version: string;
}

const CALLS_AT_ONCE = 8;

/**
 * Finds the versions that came after a model, also the versions of these, oldest first. Only those by an account of the
 * model itself count: who bought a token may announce a version, and that is another's.
 *
 * @param accounts - creator and owner of the model
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function findNewerVersions(
  registry: Registry,
  tokenId: bigint,
  accounts: readonly string[],
  options: ReadEventsOptions = {},
): Promise<NewerVersion[]> {
  const events = await collectRanges(readEvents(registry, registry.contract.filters.ModelVersionMinted(), options));
  const versions = new Map<bigint, string>();
  // Events stand in the order of the chain, so a version stands behind the one it follows.
  for (const { args } of events) {
    if (args.previousId === tokenId || versions.has(args.previousId)) versions.set(args.tokenId, args.version);
  }
  const newer = await mapAtOnce([...versions], CALLS_AT_ONCE, async ([id, version]) => {
    const record = await readModelRecord(registry, id);
    return record && accounts.includes(record.creator) ? { record, version } : undefined;
  });
  return newer.filter((version) => version !== undefined);
}

/**
 * Chooses the latest version: by number where all are numbered like 1.10.2, else the one recorded last.
 *
 * @param versions - in the order in which they were recorded
 */
export function latestOf<Version extends { readonly version: string }>(
  versions: readonly Version[],
): Version | undefined {
  const numbers = versions.map(({ version }) => parseVersion(version));
  if (numbers.includes(undefined)) return versions.at(-1);
  const order = (a: number, b: number) => compareNumbers(numbers[a] as bigint[], numbers[b] as bigint[]);
  const last = versions.map((_, i) => i).toSorted((a, b) => order(a, b) || a - b);
  return versions[last.at(-1) ?? -1];
}

/** The numbers of `v1.4.1`; undefined for anything else, pre-releases included. */
function parseVersion(version: string): bigint[] | undefined {
  if (!/^v?\d+(\.\d+){0,3}$/.test(version)) return undefined;
  return version.replace(/^v/, "").split(".").map(BigInt);
}

function compareNumbers(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0n, b[i] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
