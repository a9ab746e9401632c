import type { AcceptedClaim } from "../../registry/publishers/publisher-sources.ts";
import type { Acceptance } from "../../verify/evidence.ts";
import type { PolicyContext } from "../../verify/policy/apply-policy.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { readProofFile } from "../../verify/proof-file.ts";
import { NO_CREATORS } from "../../verify/conclude.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { VerifyRequest } from "../../verify/request.ts";
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
import { assertCombination } from "../verify/assert-combination.ts";
import { openCredential } from "../verify/open-credential.ts";
import { type GivenPolicies, formatsAtHand, readPolicies } from "../verify/policies.ts";
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
  const token = await readToken(options);
  if (options.agent !== undefined && options.modelPath === undefined) {
    const { verifyWithAgent } = await import("../verify/with-agent.ts");
    const sources = await open();
    const acceptance = await acceptanceOf(policies, sources);
    const report = await verifyWithAgent(options.agent, options, { sources, connect }, { ...token, acceptance });
    return { report, sources };
  }
  if (options.credentialFile !== undefined && options.modelPath === undefined) {
    const { verifyCredentialAlone } = await import("../verify/open-credential.ts");
    const sources = await open();
    const acceptance = await acceptanceOf(policies, sources);
    return { report: await verifyCredentialAlone(options, sources, { ...token, acceptance }), sources };
  }
  const modelPath = required(options, "modelPath");
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
  const given = { ...(await openAgent(options, sources, connect)), ...(await openCredential(options, sources, token)) };
  const acceptance = await acceptanceOf(policies, sources);
  const report =
    proof === undefined
      ? await verifyWithRegistries(options, sources, { ...given, ...token, acceptance }, terminal)
      : await verifyProof({ modelPath, proof, trusted: sources.registry, ...pickReading(sources), ...token });
  return { report, sources };
}

function pickReading({ store, publishers }: OpenedSources) {
  return { store, publishers };
}

/** Asks the agent that is named beside a model: of one that names a single model, that is the token asked for. */
async function openAgent(
  options: Options,
  sources: OpenedSources,
  connect: () => Promise<ChainConnection>,
): Promise<Pick<VerifyRequest, "agent" | "tokenId">> {
  if (options.agent === undefined) return {};
  const { askAgent, tokenOf } = await import("../verify/with-agent.ts");
  const agent = await askAgent(options.agent, options, { sources, connect });
  const tokenId = tokenOf(agent, sources);
  return { agent, ...(tokenId !== undefined && { tokenId }) };
}

/** Whose records are accepted. */
async function acceptanceOf({ file, creators }: GivenPolicies, { publishers }: OpenedSources): Promise<Acceptance> {
  const { acceptanceFor } = await import("../../verify/policy/acceptance.ts");
  return acceptanceFor({ ...file, ...(creators && { creators }) }, publishers);
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
    ...formatsAtHand(options),
    registries: sources?.registry ?? [],
    ...(sources && { store: sources.store }),
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
