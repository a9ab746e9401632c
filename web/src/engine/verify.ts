import {
  type AtHand,
  CLAIM_NAME,
  type Claim,
  type HashedModel,
  type LockFile,
  type VerifyReport,
  acceptanceFor,
  locateDamage,
  openRecordedLeaves,
  parseClaim,
  parseLockFile,
  verifyHashed,
  verifyHashedWithLock,
} from "model-provenance-nft/core";
import { leavesOf, sourceOf } from "../adapters/file-source.ts";
import type { HashFilesOptions } from "../adapters/hashing/hash-files.ts";
import type { Picked, PickedFile } from "../adapters/picked-files.ts";
import { accountOf } from "../state/registry-setting.ts";
import { settings } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";
import { type FoundBundle, examineBundles } from "./bundles.ts";
import { type ListedModel, bytesOf, hashListed, listModel } from "./hash-model.ts";
import { judgeByPolicy, judgeLocked, policyInEffect } from "./policy.ts";
import { bookWith, publishersOf } from "./publishers.ts";
import { openAll } from "./sources.ts";

/** What is verified, listed and not yet hashed. */
export interface Prepared {
  readonly picked: Picked;
  readonly listed: ListedModel;
  readonly bytes: number;
  readonly lock?: LockFile;
}

/** What was found out of files, and of the OMS bundles that lie with them. */
export interface Verified {
  readonly report: VerifyReport;
  readonly bundles: readonly FoundBundle[];
}

/** Options of {@link verifyPrepared}. */
export interface VerifyOptions extends HashFilesOptions {
  /** The token that the files should be. */
  readonly tokenId?: bigint;
  /** Called when everything was hashed, and others are asked. */
  readonly onHashed?: (hashed: HashedModel) => void;
}

/** Lists what is to be hashed. Errors as `listModel`; `LOCK_INVALID` of a lock that lies beside. */
export async function prepare(picked: Picked, given?: LockFile): Promise<Prepared> {
  const lock = given ?? (await findLock(picked.beside));
  const listed = await listModel(picked, lock?.ignorePaths ?? []);
  const bytes = listed.files.reduce((sum, { file }) => sum + file.size, 0);
  return { picked, listed, bytes, ...(lock && { lock }) };
}

/**
 * Hashes what was listed and finds out who recorded it, with the code of the command. No byte of the files leaves this page:
 * only digests do.
 *
 * @throws {ProvenanceError} as `hashListed`; `CHAIN_UNREACHABLE`, `REGISTRY_NOT_CONFIGURED`
 */
export async function verifyPrepared(prepared: Prepared, options: VerifyOptions = {}): Promise<Verified> {
  const { picked, listed } = prepared;
  const names = new Set(picked.files.map(({ name }) => name));
  const hashed = await hashListed(listed, (name) => names.has(name), options);
  options.onHashed?.(hashed);
  const [report, bundles] = await Promise.all([
    makeReport(prepared, hashed, options.tokenId),
    examineBundles(picked, hashed),
  ]);
  return { report: withLimits(report), bundles };
}

async function makeReport(
  { picked, listed, lock }: Prepared,
  hashed: HashedModel,
  tokenId: bigint | undefined,
): Promise<VerifyReport> {
  const policy = policyInEffect();
  const byName = new Map(listed.files.map((file) => [file.name, file]));
  const open = ({ name }: { readonly name: string }) => sourceOf(byName.get(name) as PickedFile);
  const files = listed.files.map(sourceOf);
  if (lock !== undefined) {
    const trusted = settings.value.registries.map(accountOf);
    const asked = {
      ...(trusted.length > 0 && { registries: trusted }),
      ...(policy !== undefined && { policyDigest: policy.digest }),
    };
    const report = await verifyHashedWithLock(hashed, lock, asked, open, { book: bookWith(policy) });
    return judgeLocked({ report, files }, policy);
  }
  const { registries: registry, unreachable, store } = await openAll();
  const atHand: AtHand = {
    open,
    readClaim: async () => findClaim(picked),
    findDamage: async (rows, metadata) => {
      if (!rows.some(({ status }) => status === "mismatch")) return { files: rows, findings: [] };
      const sized = listed.files.map((one) => ({ ...one, size: one.file.size }));
      return locateDamage(rows, sized, openRecordedLeaves(metadata?.provenance.model, store), leavesOf);
    },
  };
  const publishers = publishersOf(registry, policy);
  const acceptance = await acceptanceFor(policy ?? {}, publishers);
  const token = tokenId === undefined ? {} : { tokenId };
  const report = await verifyHashed({ registry, unreachable, store, publishers, acceptance, ...token }, hashed, atHand);
  return judgeByPolicy({ report, files }, policy, { registries: registry, store });
}

/** What a browser cannot see stands under what was not checked. */
function withLimits(report: VerifyReport): VerifyReport {
  return { ...report, notChecked: [...report.notChecked, ...STRINGS.verify.limits] };
}

/** The claim that lies in the folder, or beside what was picked. */
async function findClaim({ kind, name, files, beside }: Picked): Promise<Claim | undefined> {
  const inside = kind === "folder" ? files.filter((one) => one.name === CLAIM_NAME) : [];
  const outside = beside.filter((one) => one.name === `${name}.${CLAIM_NAME}`);
  for (const one of [...inside, ...outside]) {
    const claim = parseClaim(await bytesOf(one));
    if (claim !== undefined) return claim;
  }
  return undefined;
}

async function findLock(beside: readonly PickedFile[]): Promise<LockFile | undefined> {
  const found = beside.find(({ name }) => /\.lock\.json$/i.test(name));
  return found && parseLockFile(await bytesOf(found));
}
