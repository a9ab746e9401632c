import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { openerOf } from "../model/tensors/hashed-source.ts";
import { walkModel } from "../model/walk.ts";
import type { DamageFinder } from "./comparison.ts";
import { locateDamage, openRecordedLeaves } from "./locate-damage.ts";
import { claimReaderOf, hashDataset, leavesOfFile } from "./model-at-hand.ts";
import type { VerifyReport } from "./report.ts";
import type { VerifyRequest } from "./request.ts";
import { verifyFast } from "./verify-fast.ts";
import { verifyHashed } from "./verify-hashed.ts";

export type { Verdict, VerifyReport } from "./report.ts";
export type { VerifyRequest } from "./request.ts";

/**
 * Finds out from the chain whether exactly these files were recorded. The answer is a report; only a
 * failure to look is thrown.
 *
 * @throws {ProvenanceError} as {@link hashModel}, `CHAIN_UNREACHABLE`
 * @example
 * const { verdict } = await verifyModel({ modelPath: "./my-model", registry, store });
 */
export async function verifyModel(request: VerifyRequest): Promise<VerifyReport> {
  if (!request.fast) return verifyDigests(request);
  const fast = await verifyFast(request);
  if (!("instead" in fast)) return fast;
  const report = await verifyDigests(request);
  return { ...report, warnings: [`${fast.instead} All files were hashed instead.`, ...report.warnings] };
}

async function verifyDigests(request: VerifyRequest): Promise<VerifyReport> {
  const { ignorePaths, hfCache, lfsPointers, cache, withCid, onTotal, onBytes, datasetPath } = request;
  const hashing = { ignorePaths, hfCache, lfsPointers, cache, withCid, onTotal, onBytes };
  const hashed = request.hashed ?? (await hashModel(request.modelPath, withoutUndefined(hashing)));
  const report = await verifyHashed(request, hashed, {
    open: openerOf(hashed),
    readClaim: request.hashed ? undefined : claimReaderOf(hashed, request),
    findDamage: damageFinderOf(request, hashed),
    ...(datasetPath !== undefined && { hashDataset: async () => hashDataset(datasetPath) }),
  });
  const unseen = hashed.pointers.length > 0 ? { reason: `By what the Git LFS pointers say: ${report.reason}` } : {};
  return { ...report, ...unseen };
}

/** Reads the files that differ once more, where they lie on this machine. */
function damageFinderOf(
  { hashed, modelPath, hfCache = false, store }: VerifyRequest,
  model: HashedModel,
): DamageFinder {
  return async (rows, metadata) => {
    if (hashed !== undefined || !rows.some(({ status }) => status === "mismatch")) return { files: rows, findings: [] };
    const { files } = await walkModel(modelPath, { ignorePaths: model.ignorePaths, hfCache });
    return locateDamage(rows, files, openRecordedLeaves(metadata?.provenance.model, store), leavesOfFile);
  };
}

function withoutUndefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
