import { joinAddressBooks } from "../../registry/publishers/address-book.ts";
import type { AddressBook, PublisherSources } from "../../registry/publishers/publisher-sources.ts";
import type { Registry } from "../../registry/registry.ts";
import { type ProofFile, writeProofFile } from "../../verify/proof-file.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { VerifyRequest } from "../../verify/request.ts";
import { type VerifyFilesRequest, verifyFiles } from "../../verify/verify-files.ts";
import { verifyModel } from "../../verify/verify-model.ts";
import { assertOutside } from "../assert-outside.ts";
import { type ChainConnection, isLocalChain } from "../chain-connection.ts";
import { hashOnHub } from "../hub-model.ts";
import { openCache } from "../open-cache.ts";
import { openReading } from "../open-gateways.ts";
import { openPublishers } from "../open-publishers.ts";
import { openRegistries } from "../open-registries.ts";
import { openLocalStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import type { Variables } from "../settings.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";

/** What is asked when a model is verified: registries, and where their metadata is read. */
export interface OpenedSources extends Pick<VerifyRequest, "store"> {
  readonly registry: readonly Registry[];
  readonly unreachable: readonly string[];
  /** Who is asked who is behind an account. */
  readonly publishers: PublisherSources;
}

/** What is known before the registries are opened. */
export interface SourceOptions {
  readonly environment?: Variables;
  /** Whether others rely on what is found. */
  readonly gate?: boolean;
  /** What the policy calls accounts. */
  readonly book?: AddressBook | undefined;
}

/** Opens all that is asked; warns of what cannot be reached. Errors as {@link openRegistries}. */
export async function openSources(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
  { environment, gate, book }: SourceOptions = {},
): Promise<OpenedSources> {
  const { unreachable, ...opened } = await openRegistries(options, connect, environment, gate, (text) =>
    terminal.warn(text),
  );
  const registry = opened.registries;
  for (const reason of unreachable) terminal.warn(reason);
  // Public gateways are asked for the records of public chains.
  const ids = registry.map(({ chainId }) => chainId);
  const chainId = ids.find((id) => !isLocalChain(id)) ?? ids[0] ?? 0n;
  const store = openReading(options, chainId, openLocalStore(options), terminal);
  const known = { book: joinAddressBooks([opened.book, book]), store, registries: registry };
  return { registry, unreachable, store, publishers: await openPublishers(options, known) };
}

/** Verifies a whole model, or those of its files that are named. */
export async function verifyWithRegistries(
  options: Options,
  sources: OpenedSources,
  wanted: Pick<VerifyRequest, "tokenId" | "acceptance">,
  terminal: Terminal,
): Promise<VerifyReport> {
  const { ignorePaths, datasetPath, hfCache = false, only } = options;
  const hashed = await hashOnHub(options, terminal);
  const request = {
    modelPath: required(options, "modelPath"),
    ...sources,
    ...wanted,
    ...(hashed && { hashed }),
    ...(ignorePaths && { ignorePaths }),
    ...(datasetPath !== undefined && { datasetPath }),
    hfCache,
  };
  return only === undefined
    ? verifyWhole(request, options, terminal)
    : verifyNamed({ ...request, only }, options, terminal);
}

async function verifyWhole(request: VerifyRequest, options: Options, terminal: Terminal): Promise<VerifyReport> {
  const { fast, withCid, lfsPointers } = options;
  const cache = options.trustCache ? await openCache(options, terminal) : undefined;
  if (options.cachePath !== undefined && !options.trustCache) {
    terminal.note("The hash cache is not used: every file is read. Set TRUST_CACHE=1 to verify with it.");
  }
  const report = await followBytes(terminal, options.format, async (progress) =>
    verifyModel({
      ...request,
      ...(fast && { fast }),
      ...(withCid && { withCid }),
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
  { exportProof, format }: Options,
  terminal: Terminal,
): Promise<VerifyReport> {
  if (exportProof !== undefined) await assertOutside(exportProof, request.modelPath, "EXPORT_PROOF");
  const report = await followBytes(terminal, format, async (progress) => verifyFiles({ ...request, ...progress }));
  if (exportProof !== undefined) await exportTo(exportProof, report.proofs, terminal);
  return report;
}

async function exportTo(path: string, proofs: readonly ProofFile[], terminal: Terminal): Promise<void> {
  const [proof] = proofs;
  if (proof === undefined) {
    terminal.warn("No proof was written: the file is not as recorded.");
    return;
  }
  await writeProofFile(path, proof);
  terminal.note(`wrote the proof ${printable(path)}`);
}
