import { ProvenanceError } from "../../base/errors.ts";
import { readGivenFile } from "../../base/given-file.ts";
import type { AcceptedClaim } from "../../registry/publishers/publisher-sources.ts";
import type { Acceptance } from "../../verify/evidence.ts";
import type { PolicyContext } from "../../verify/policy/apply-policy.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { readProofFile } from "../../verify/proof-file.ts";
import { NO_CREATORS } from "../../verify/conclude.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { VerifyRequest } from "../../verify/request.ts";
import { toCaip10 } from "../../registry/registry.ts";
import { verifyProof } from "../../verify/verify-proof.ts";
import { assertOutside } from "../assert-outside.ts";
import type { ChainConnection } from "../chain-connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { assertWholeOnHub } from "../hub-model.ts";
import { type Options, required } from "../options.ts";
import { printVerdict } from "../report/print-verdict.ts";
import type { Variables } from "../settings.ts";
import { assertOwnSettings, isGate } from "../trusted-registries.ts";
import { type Terminal, printable } from "../terminal.ts";
import { type GivenPolicies, readPolicies } from "../verify/policies.ts";
import { type OpenedSources, openSources, verifyWithRegistries } from "../verify/with-registries.ts";

/** A report, and what was asked for it; nothing where no network was. */
interface Finding {
  readonly report: VerifyReport;
  readonly sources?: OpenedSources;
}

// What these print is for a machine: a person must read of it beside.
const SILENT_FORMATS = ["json", "vsa"];

/**
 * Finds out from the chain who recorded exactly these files, or those of them that are named, and whether that is
 * acceptable. Prints the report; the exit code is its verdict.
 *
 * @param chain - a connection, or how to make one: it is called only where something has to be asked of the chain
 */
export async function runVerify(
  options: Options,
  chain: ChainConnection | (() => Promise<ChainConnection>),
  terminal: Terminal,
  environment: Variables = process.env,
): Promise<ExitCode> {
  assertCombination(options);
  await assertOwnSettings(options, environment);
  if (options.receiptFile !== undefined) {
    const { verifyWithReceipt } = await import("../verify/with-receipt.ts");
    const connectOnce = async () => (typeof chain === "function" ? chain() : chain);
    const { registry } = await openSources(options, connectOnce, terminal, {
      environment,
      gate: isGate(options, environment),
    });
    return verifyWithReceipt(options, options.receiptFile, registry, terminal, environment);
  }
  const policies = await readPolicies(options);
  if (policies.file?.policy.formats !== undefined) assertWholeOnHub(options, ["The policy's rule on formats"]);
  if (options.writeLock !== undefined) {
    await assertOutside(options.writeLock, required(options, "modelPath"), "WRITE_LOCK");
  }
  const connect = async () => (typeof chain === "function" ? chain() : chain);
  const book = policies.file?.policy.publishers?.book;
  const gate = isGate(options, environment);
  const open = async () =>
    withAccepted(await openSources(options, connect, terminal, { environment, gate, book }), options.writeLock);
  const finding = await findReport(options, policies, { connect, open }, terminal);
  const report = options.lockFile === undefined ? await judgeReport(finding, policies, options) : finding.report;
  if (options.writeLock !== undefined) await writeLock(options.writeLock, report, finding.sources, terminal);
  if (SILENT_FORMATS.includes(options.format ?? "")) warnOfNoCreators(report, terminal);
  return printVerdict(report, options, terminal, policies.file && { policyDigest: policies.file.digest });
}

/** Makes the one kind of check that was asked for. */
async function findReport(
  options: Options,
  policies: GivenPolicies,
  { connect, open }: { connect: () => Promise<ChainConnection>; open: () => Promise<OpenedSources> },
  terminal: Terminal,
): Promise<Finding> {
  const modelPath = required(options, "modelPath");
  const token = await readToken(options);
  if (options.lockFile !== undefined) {
    const { verifyWithLock } = await import("../verify/with-lock.ts");
    return { report: await verifyWithLock(options, options.lockFile, token, terminal) };
  }
  if (options.packFile !== undefined) {
    const { verifyWithPack } = await import("../verify/with-pack.ts");
    return { report: await verifyWithPack(options, options.packFile, token, terminal) };
  }
  if (options.foreignContract !== undefined) {
    const { verifyWithForeign } = await import("../verify/with-foreign.ts");
    return { report: await verifyWithForeign(options, await connect(), token.tokenId, terminal) };
  }
  const proof = options.proofFile === undefined ? undefined : await readProofFile(options.proofFile);
  if (proof !== undefined && options.manifestRoot !== undefined) {
    return { report: await verifyProof({ modelPath, proof, trusted: options.manifestRoot, ...token }) };
  }
  const sources = await open();
  const given = await openCredential(options, sources, token);
  const { acceptanceOf } = await import("../../verify/policy/apply-policy.ts");
  const named = acceptanceOf({ ...policies.file, ...(policies.creators && { creators: policies.creators }) });
  const acceptance = await withAccounts(named, policies, sources);
  const report =
    proof === undefined
      ? await verifyWithRegistries(options, sources, { ...token, ...given, acceptance }, terminal)
      : await verifyProof({ modelPath, proof, trusted: sources.registry, ...pickReading(sources), ...token });
  return { report, sources };
}

/** Reads a credential that was given, and checks its proof: it names the token. */
async function openCredential(
  { credentialFile }: Options,
  { registry, publishers }: OpenedSources,
  { tokenId }: { readonly tokenId?: bigint },
): Promise<Pick<VerifyRequest, "credential" | "tokenId">> {
  if (credentialFile === undefined) return {};
  const [{ CREDENTIAL_MAX_BYTES, readCredential }, { checkProof }] = await Promise.all([
    import("../../exports/vc/read-credential.ts"),
    import("../../exports/vc/check-proof.ts"),
  ]);
  const file = { what: "CREDENTIAL_FILE", maxBytes: CREDENTIAL_MAX_BYTES };
  const given = readCredential(await readGivenFile(credentialFile, file));
  const names = registry.map(toCaip10);
  if (!names.some((name) => name.toLowerCase() === given.registry.toLowerCase())) {
    throw invalid(`The credential is of the registry ${given.registry}, and trusted is ${names.join(", ")}.`);
  }
  if (tokenId !== undefined && tokenId !== BigInt(given.tokenId)) {
    throw invalid(`The credential is of the token ${given.tokenId}, and asked for was another.`);
  }
  const { issuer, claims } = given;
  const proof = await checkProof(given, publishers.fetchDid);
  return { tokenId: BigInt(given.tokenId), credential: { issuer, claims, proof } };
}

function pickReading({ store, publishers }: OpenedSources) {
  return { store, publishers };
}

/** Of several records of a model one by an accepted publisher is judged, where their accounts are known. */
async function withAccounts(
  acceptance: Acceptance,
  { file }: GivenPolicies,
  { publishers }: OpenedSources,
): Promise<Acceptance> {
  const accepted = file?.policy.publishers;
  if (accepted === undefined) return acceptance;
  const { findPublisherAccounts } = await import("../../verify/policy/publisher-accounts.ts");
  const accounts = await findPublisherAccounts(accepted, publishers);
  return accounts === undefined ? acceptance : { ...acceptance, accounts };
}

/** A name that the lock that is about to be written anew accepted, and that does not hold any more, was valid once. */
async function withAccepted(sources: OpenedSources, lockPath: string | undefined): Promise<OpenedSources> {
  if (lockPath === undefined) return sources;
  const { readLockFile } = await import("../../verify/lock-file.ts");
  const before = await readLockFile(lockPath).catch(() => undefined);
  if (before?.publishers === undefined) return sources;
  const accepted = { account: before.record.creator, claims: before.publishers as AcceptedClaim[] };
  return { ...sources, publishers: { ...sources.publishers, accepted } };
}

async function readToken({ tokenId, hfCache = false }: Options): Promise<{ tokenId?: bigint }> {
  return tokenId === undefined ? {} : { tokenId: await resolveTokenId(tokenId, { hfCache }) };
}

/** Applies the rules that the verifier gave; who gives none is told what passes. */
async function judgeReport(
  { report, sources }: Finding,
  { file, creators }: GivenPolicies,
  options: Options,
): Promise<VerifyReport> {
  const { applyPolicy } = await import("../../verify/policy/apply-policy.ts");
  if (file === undefined && creators === undefined) {
    // A manifest root is trusted itself, whoever recorded it.
    return report.verdict === "verified" && options.manifestRoot === undefined
      ? { ...report, warnings: [...report.warnings, NO_CREATORS] }
      : report;
  }
  const context: PolicyContext = {
    modelPath: required(options, "modelPath"),
    registries: sources?.registry ?? [],
    ...(sources && { store: sources.store }),
    ignorePaths: options.ignorePaths ?? [],
    hfCache: options.hfCache ?? false,
    now: () => new Date(),
  };
  return applyPolicy(report, { ...file, ...(creators && { creators }) }, context);
}

function warnOfNoCreators({ warnings }: VerifyReport, terminal: Terminal): void {
  if (warnings.includes(NO_CREATORS)) terminal.warn(NO_CREATORS);
}

async function writeLock(
  path: string,
  report: VerifyReport,
  sources: OpenedSources | undefined,
  terminal: Terminal,
): Promise<void> {
  const registry = sources?.registry.find(({ address, chainId }) => {
    return address === report.registry?.address && chainId === report.registry.chainId;
  });
  if (report.verdict !== "verified" || registry === undefined) {
    terminal.warn("No lock was written: the model is not approved.");
    return;
  }
  const { writeLockFile } = await import("../../verify/lock-file.ts");
  const { toLockFile } = await import("../../verify/verify-lock.ts");
  await writeLockFile(path, toLockFile(report, await registry.provider.getBlockNumber()));
  terminal.note(`wrote the lock ${printable(path)}`);
}

/** Options that ask for different things at once would leave open which of them the verdict is about. */
function assertCombination(options: Options): void {
  const { only, proofFile, packFile, lockFile, foreignContract, fast } = options;
  const { exportProof, manifestRoot, datasetPath, writeLock, receiptFile, outputFile } = options;
  const kinds = [
    only && "VERIFY_ONLY",
    proofFile !== undefined && "PROOF_FILE",
    packFile !== undefined && "PACK_FILE",
    lockFile !== undefined && "LOCK_FILE",
    foreignContract !== undefined && "FOREIGN_CONTRACT",
    fast && "VERIFY_FAST",
    receiptFile !== undefined && "RECEIPT_FILE",
  ].filter(Boolean);
  const withoutChain = [
    proofFile && "PROOF_FILE",
    packFile && "PACK_FILE",
    lockFile && "LOCK_FILE",
    foreignContract && "FOREIGN_CONTRACT",
  ];
  const [other] = withoutChain.filter(Boolean);
  if (options.credentialFile !== undefined && other !== undefined) {
    throw invalid(`CREDENTIAL_FILE is compared with the chain: leave out ${other}.`);
  }
  if (kinds.length > 1) throw invalid(`${kinds.join(" and ")} ask for different checks. Give one of them.`);
  if (kinds.length > 0 && writeLock !== undefined) throw invalid(`WRITE_LOCK needs all files: leave out ${kinds[0]}.`);
  if (datasetPath !== undefined && kinds.length > 0 && !fast) {
    throw invalid(`DATASET_PATH is compared when a model is verified with the chain: leave out ${kinds[0]}.`);
  }
  assertWholeOnHub(options, [...kinds, ...(options.withCid ? ["WITH_CID"] : [])]);
  if (outputFile !== undefined && receiptFile === undefined) throw invalid("OUTPUT_FILE needs RECEIPT_FILE.");
  if (receiptFile !== undefined && options.modelPath !== undefined) {
    throw invalid("RECEIPT_FILE is for an answer, and no model is read: leave out MODEL_PATH.");
  }
  if (manifestRoot !== undefined && proofFile === undefined) throw invalid("MANIFEST_ROOT needs PROOF_FILE.");
  if (exportProof !== undefined && only?.length !== 1) throw invalid("EXPORT_PROOF needs VERIFY_ONLY with one name.");
}

function invalid(text: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", text);
}
