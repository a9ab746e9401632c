import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { ProvenanceError } from "../../errors.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ProofFile, readProofFile, writeProofFile } from "../../verify/proof-file.ts";
import type { VerifyReport } from "../../verify/report.ts";
import { verifyFiles } from "../../verify/verify-files.ts";
import { verifyModel } from "../../verify/verify-model.ts";
import { verifyProof } from "../../verify/verify-proof.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { printJson } from "../long-output.ts";
import { openCache } from "../open-cache.ts";
import { openReadingStore } from "../open-stores.ts";
import { type ExitCode, exitCodeOf } from "../exit-codes.ts";
import { READING_OPTIONS, openReading } from "../open-gateways.ts";
import { type OptionValues, required } from "../options.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";
import { type ReportPlace, printReport, toJson } from "../verify-report.ts";

/** Options of `verify`. */
export const VERIFY_OPTIONS = [
  "modelPath",
  "tokenId",
  "registryAddress",
  "ignorePaths",
  "cachePath",
  "trustCache",
  "hfCache",
  "lfsPointers",
  "only",
  "exportProof",
  "proofFile",
  "manifestRoot",
  "packFile",
  "blockHash",
  "chainId",
  "fast",
  "storePath",
  ...READING_OPTIONS,
  "keepFetched",
  "format",
] as const;
type VerifyOptions = OptionValues<(typeof VERIFY_OPTIONS)[number]>;

/**
 * Finds out from the chain who recorded exactly these files, or those of them that are named. Prints the report; the
 * exit code is its verdict.
 *
 * @param chain - a connection, or how to make one: it is called only where something has to be asked of the chain
 */
export async function runVerify(
  options: VerifyOptions,
  chain: ChainConnection | (() => Promise<ChainConnection>),
  terminal: Terminal,
): Promise<ExitCode> {
  assertCombination(options);
  const modelPath = required(options, "modelPath");
  if (options.packFile !== undefined) return verifyWithPack(options, options.packFile, terminal);
  if (options.proofFile !== undefined && options.manifestRoot !== undefined) {
    const proof = await readProofFile(options.proofFile);
    const report = await verifyProof({
      modelPath,
      proof,
      trusted: options.manifestRoot,
      ...(await readToken(options)),
    });
    return conclude(report, {}, options, terminal);
  }
  const connection = typeof chain === "function" ? await chain() : chain;
  const registry = await connectRegistry(connection, options);
  const links = { hfCache: options.hfCache ?? false };
  const place = { networkName: connection.networkName, registry };
  const token = await readToken(options);
  if (options.proofFile !== undefined) {
    const proof = await readProofFile(options.proofFile);
    return conclude(await verifyProof({ modelPath, proof, trusted: registry, ...token }), place, options, terminal);
  }
  const { ignorePaths, only, exportProof, fast } = options;
  const cache = options.trustCache ? await openCache(options, terminal) : undefined;
  if (options.cachePath !== undefined && !options.trustCache) {
    terminal.note("The hash cache is not used: every file is read. Set TRUST_CACHE=1 to verify with it.");
  }
  const request = {
    modelPath,
    registry,
    store: openReading(options, connection.chainId, openReadingStore(options), terminal),
    ...token,
    ...(ignorePaths && { ignorePaths }),
    ...links,
  };
  if (only === undefined) {
    const whole = await followBytes(terminal, options.format, async (progress) =>
      verifyModel({
        ...request,
        ...(fast && { fast }),
        ...(options.lfsPointers && { lfsPointers: "accept" as const }),
        ...(cache && { cache }),
        ...progress,
      }),
    );
    await cache?.save();
    return conclude(whole, place, options, terminal);
  }
  if (exportProof !== undefined) await assertOutside(exportProof, modelPath);
  const report = await verifyFiles({ ...request, only });
  if (exportProof !== undefined) await exportTo(exportProof, report.proofs, terminal);
  return conclude(report, place, options, terminal);
}

async function verifyWithPack(options: VerifyOptions, packPath: string, terminal: Terminal): Promise<ExitCode> {
  const { readPackFile } = await import("../../pack/pack-file.ts");
  const { verifyPack } = await import("../../verify/verify-pack.ts");
  const { ignorePaths, hfCache = false, chainId } = options;
  const pack = await readPackFile(packPath);
  const registry = required(options, "registryAddress");
  const request = {
    modelPath: required(options, "modelPath"),
    pack,
    trusted: { blockHash: required(options, "blockHash"), registry, ...(chainId !== undefined && { chainId }) },
    ...(ignorePaths && { ignorePaths }),
    hfCache,
  };
  const report = await followBytes(terminal, options.format, async (progress) =>
    verifyPack({ ...request, ...progress }),
  );
  const place = {
    networkName: `chain ${pack.chainId}`,
    registry: { address: registry, chainId: BigInt(pack.chainId) },
  };
  return conclude(report, place, options, terminal);
}

async function readToken({ tokenId, hfCache = false }: VerifyOptions): Promise<{ tokenId?: bigint }> {
  return tokenId === undefined ? {} : { tokenId: await resolveTokenId(tokenId, { hfCache }) };
}

function conclude(report: VerifyReport, place: ReportPlace, options: VerifyOptions, terminal: Terminal): ExitCode {
  const exitCode = exitCodeOf(report.verdict);
  if (options.format === "json") printJson(terminal, toJson(report, exitCode, place));
  else printReport(report, place, exitCode, terminal);
  return exitCode;
}

/** Options that ask for different things at once would leave open which of them the verdict is about. */
function assertCombination({ only, exportProof, proofFile, packFile, manifestRoot, fast }: VerifyOptions): void {
  const kinds = [
    only && "VERIFY_ONLY",
    proofFile !== undefined && "PROOF_FILE",
    packFile !== undefined && "PACK_FILE",
    fast && "VERIFY_FAST",
  ].filter(Boolean);
  if (kinds.length > 1) throw invalid(`${kinds.join(" and ")} ask for different checks. Give one of them.`);
  if (manifestRoot !== undefined && proofFile === undefined) throw invalid("MANIFEST_ROOT needs PROOF_FILE.");
  if (exportProof !== undefined && only?.length !== 1) throw invalid("EXPORT_PROOF needs VERIFY_ONLY with one name.");
}

/** A file more in the folder, and the model would no longer be the one that was recorded. */
async function assertOutside(path: string, modelPath: string): Promise<void> {
  const folder = await realpath(modelPath).catch(() => resolve(modelPath));
  const parent = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
  const target = join(parent, basename(path));
  const isFolder = await lstat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isFolder && target.startsWith(`${folder}${sep}`)) {
    throw invalid(`EXPORT_PROOF must lie outside the model: ${path} would become a file of it.`);
  }
}

async function exportTo(path: string, proofs: readonly ProofFile[], terminal: Terminal) {
  const [proof] = proofs;
  if (proof === undefined) {
    terminal.warn("No proof was written: the file is not as recorded.");
    return;
  }
  await writeProofFile(path, proof);
  terminal.note(`wrote the proof ${printable(path)}`);
}

function invalid(text: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", text);
}
