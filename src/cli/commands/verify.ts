import type { Registry } from "../../chain/registry.ts";
import { ProvenanceError } from "../../errors.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ProofFile, readProofFile, writeProofFile } from "../../verify/proof-file.ts";
import type { VerifyReport, VerifyRequest } from "../../verify/report.ts";
import { type VerifyFilesRequest, verifyFiles } from "../../verify/verify-files.ts";
import { verifyModel } from "../../verify/verify-model.ts";
import { verifyProof } from "../../verify/verify-proof.ts";
import { assertOutside } from "../assert-outside.ts";
import { type ChainConnection, isLocalChain } from "../chain-connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { openCache } from "../open-cache.ts";
import { openReading } from "../open-gateways.ts";
import { openRegistries } from "../open-registries.ts";
import { openReadingStore } from "../open-stores.ts";
import { type OptionValues, required } from "../options.ts";
import { printVerdict } from "../report/print-verdict.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";
import type { VERIFY_OPTIONS } from "../verify-options.ts";

export { VERIFY_OPTIONS } from "../verify-options.ts";
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
  const report = await findReport(options, async () => (typeof chain === "function" ? chain() : chain), terminal);
  return printVerdict(report, options, terminal);
}

/** Makes the one kind of check that was asked for. */
async function findReport(
  options: VerifyOptions,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<VerifyReport> {
  const modelPath = required(options, "modelPath");
  if (options.packFile !== undefined) return verifyWithPack(options, options.packFile, terminal);
  const proof = options.proofFile === undefined ? undefined : await readProofFile(options.proofFile);
  const token = await readToken(options);
  if (proof !== undefined && options.manifestRoot !== undefined) {
    return verifyProof({ modelPath, proof, trusted: options.manifestRoot, ...token });
  }
  const { registries: registry, unreachable } = await openRegistries(options, connect);
  for (const reason of unreachable) terminal.warn(reason);
  if (proof !== undefined) return verifyProof({ modelPath, proof, trusted: registry, ...token });
  const { ignorePaths, datasetPath, hfCache = false } = options;
  const request = {
    modelPath,
    registry,
    unreachable,
    store: openReading(options, gatewayChain(registry), openReadingStore(options), terminal),
    ...token,
    ...(ignorePaths && { ignorePaths }),
    ...(datasetPath !== undefined && { datasetPath }),
    hfCache,
  };
  return options.only === undefined
    ? verifyWhole(request, options, terminal)
    : verifyNamed({ ...request, only: options.only }, options, terminal);
}

/** Public gateways are asked for the records of public chains. */
function gatewayChain(registries: readonly Registry[]): bigint {
  const ids = registries.map(({ chainId }) => chainId);
  return ids.find((chainId) => !isLocalChain(chainId)) ?? ids[0] ?? 0n;
}

async function verifyWhole(request: VerifyRequest, options: VerifyOptions, terminal: Terminal): Promise<VerifyReport> {
  const { fast, lfsPointers } = options;
  const cache = options.trustCache ? await openCache(options, terminal) : undefined;
  if (options.cachePath !== undefined && !options.trustCache) {
    terminal.note("The hash cache is not used: every file is read. Set TRUST_CACHE=1 to verify with it.");
  }
  const report = await followBytes(terminal, options.format, async (progress) =>
    verifyModel({
      ...request,
      ...(fast && { fast }),
      ...(lfsPointers && { lfsPointers: "accept" as const }),
      ...(cache && { cache }),
      ...progress,
    }),
  );
  await cache?.save();
  return report;
}

async function verifyNamed(
  request: VerifyFilesRequest,
  { exportProof }: VerifyOptions,
  terminal: Terminal,
): Promise<VerifyReport> {
  if (exportProof !== undefined) await assertOutside(exportProof, request.modelPath, "EXPORT_PROOF");
  const report = await verifyFiles(request);
  if (exportProof !== undefined) await exportTo(exportProof, report.proofs, terminal);
  return report;
}

async function verifyWithPack(options: VerifyOptions, packPath: string, terminal: Terminal): Promise<VerifyReport> {
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
  return followBytes(terminal, options.format, async (progress) => verifyPack({ ...request, ...progress }));
}

async function readToken({ tokenId, hfCache = false }: VerifyOptions): Promise<{ tokenId?: bigint }> {
  return tokenId === undefined ? {} : { tokenId: await resolveTokenId(tokenId, { hfCache }) };
}

/** Options that ask for different things at once would leave open which of them the verdict is about. */
function assertCombination(options: VerifyOptions): void {
  const { only, exportProof, proofFile, packFile, manifestRoot, fast, datasetPath } = options;
  const kinds = [
    only && "VERIFY_ONLY",
    proofFile !== undefined && "PROOF_FILE",
    packFile !== undefined && "PACK_FILE",
    fast && "VERIFY_FAST",
  ].filter(Boolean);
  if (kinds.length > 1) throw invalid(`${kinds.join(" and ")} ask for different checks. Give one of them.`);
  if (datasetPath !== undefined && (only || proofFile !== undefined)) {
    throw invalid("DATASET_PATH is compared when all of a model is verified, not some of its files.");
  }
  if (manifestRoot !== undefined && proofFile === undefined) throw invalid("MANIFEST_ROOT needs PROOF_FILE.");
  if (exportProof !== undefined && only?.length !== 1) throw invalid("EXPORT_PROOF needs VERIFY_ONLY with one name.");
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
