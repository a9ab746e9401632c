import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { sha256 } from "ethers";
import { network } from "hardhat";
import { fineTuneIris } from "../../examples/iris/fine-tune.ts";
import { trainIris } from "../../examples/iris/train.ts";
import { type Hex, toHex32 } from "../../src/base/hex.ts";
import type { ExportedModel } from "../../src/exports/exported-model.ts";
import { type ReadModelOptions, readModel } from "../../src/exports/read-model.ts";
import { createOriginFinder } from "../../src/hub/base-models.ts";
import { openHub } from "../../src/hub/hub.ts";
import { inspectModel } from "../../src/hub/inspect-model.ts";
import { prepareImport } from "../../src/hub/prepare-import.ts";
import { type BuiltMetadata, buildMetadata } from "../../src/metadata/build-metadata.ts";
import type { Statements } from "../../src/metadata/build-provenance.ts";
import type { HashedModel } from "../../src/model/hash-model.ts";
import { type Registry, openRegistry } from "../../src/registry/registry.ts";
import type { ModelSubmission } from "../../src/registry/submission.ts";
import { toSubmission } from "../../src/registry/to-submission.ts";
import { anchorBatch } from "./anchored-batch.ts";
import { IRIS, JAPANESE, JAPANESE_FILES, MANY_FILES, REASON, REVOKED, listed, mergeOf } from "./exported-statements.ts";
import { MemoryStore } from "./memory-store.ts";
import { createModel } from "./metadata.ts";
import { recordModel } from "./recorded-model.ts";
import { HUB_MODELS, type HubModelVector, toHubRepo } from "./servers/hub-models.ts";
import { startHub } from "./servers/hub.ts";
import { manualClock } from "./use-hub.ts";

/** The records that every form is proved on. */
export const RECORD_NAMES = [
  "iris",
  "irisVersion2",
  "mergeOfTwo",
  "batchMember",
  "deprecated",
  "revoked",
  "japanese",
  "noDataset",
  "manyFiles",
  "hubImport",
] as const;
/** One of {@link RECORD_NAMES}. */
export type RecordName = (typeof RECORD_NAMES)[number];

/** A registry with the ten records, on a chain whose clock is set. */
export interface ExportedRecords {
  readonly registry: Registry;
  readonly store: MemoryStore;
  readonly tokenIds: Readonly<Record<RecordName, bigint>>;
  /** Reads a record as an export does; once, for all tests. */
  readonly read: (name: RecordName, options?: Pick<ReadModelOptions, "ancestors">) => Promise<ExportedModel>;
  /** The same, from the chain again. */
  readonly readAnew: (name: RecordName, options?: ReadModelOptions) => Promise<ExportedModel>;
}

let made: Promise<ExportedRecords> | undefined;

/** Makes the ten records, once for all tests of a process: what reads them must change nothing. */
export async function exportedRecords(): Promise<ExportedRecords> {
  made ??= makeRecords();
  return made;
}

const START = new Date("2026-01-01T00:00:00Z");
const HOUR = 3600;

type Chain = Awaited<ReturnType<typeof startRegistry>>;

async function makeRecords(): Promise<ExportedRecords> {
  const chain = await startRegistry();
  const { registry, store, curator, mint, build, tick } = chain;
  const [iris, irisVersion2] = await recordIris(chain);
  const mergeOfTwo = await mint(await build(listed("merge"), mergeOf(iris, irisVersion2)));
  const batchMember = await anchorThree(chain);
  const old: Statements = {
    name: "An old model",
    license: "LicenseRef-my-lab",
    parents: [iris],
    relation: "quantized",
  };
  const deprecated = await mint(await build(listed("old"), old));
  await tick();
  await registry.contract.setStatus(deprecated, 1, "Superseded by a better one.");
  const revoked = await mint(await build(listed("revoked"), REVOKED));
  await tick();
  await registry.contract.setStatus(revoked, 1, "Under investigation.");
  await tick();
  await registry.contract.connect(curator).setStatus(revoked, 2, REASON);
  const japanese = await mint(await build(createModel(JAPANESE_FILES), JAPANESE));
  const noDataset = await mint(await build(listed("no data set"), { name: "Bare" }));
  const manyFiles = await mint(await build(createModel(MANY_FILES), { name: "Many files", license: "MIT" }));
  const hubImport = await mint(await importFromHub(chain));
  const own = { iris, irisVersion2, mergeOfTwo, batchMember, deprecated, revoked };
  const tokenIds = { ...own, japanese, noDataset, manyFiles, hubImport };
  const evidence = { kind: "chain", registries: [registry], unreachable: [], store } as const;
  const readAnew = async (name: RecordName, options?: ReadModelOptions) =>
    readModel(evidence, { ids: [tokenIds[name]], isNamed: true }, options);
  const known = new Map<string, Promise<ExportedModel>>();
  const read: ExportedRecords["read"] = async (name, { ancestors = false } = {}) => {
    const key = `${name} ${ancestors}`;
    const model = known.get(key) ?? readAnew(name, { ancestors });
    known.set(key, model);
    return model;
  };
  return { registry, store, tokenIds, read, readAnew };
}

/** A chain of its own, on which an hour goes by between two transactions: the same times in every run. */
async function startRegistry() {
  const { ethers, networkHelpers } = await network.create({ override: { initialDate: START } });
  const signers = (await ethers.getSigners()) as [HardhatEthersSigner, ...HardhatEthersSigner[]];
  const [, admin, minter, curator, treasury] = signers as unknown as Record<number, HardhatEthersSigner> &
    typeof signers;
  const roles = [admin, minter, curator, treasury] as HardhatEthersSigner[];
  const contract = await ethers.deployContract("ModelProvenanceNFT", ["Model Provenance", "MODEL", ...roles, 500]);
  const registry = await openRegistry(ethers.provider, await contract.getAddress(), minter);
  const context = { registry, minter: minter as HardhatEthersSigner, store: new MemoryStore() };
  let time = START.getTime() / 1000 + 24 * HOUR;
  const tick = async () => networkHelpers.time.setNextBlockTimestamp((time += HOUR));
  const submit = ({ block, attachments, metadata }: BuiltMetadata): ModelSubmission => {
    context.store.add(block);
    for (const { blocks } of attachments) for (const one of blocks) context.store.add(one);
    return toSubmission(metadata.provenance, sha256(block.bytes) as Hex, () => undefined);
  };
  return {
    ...context,
    curator: curator as HardhatEthersSigner,
    tick,
    submit,
    build: async (model: HashedModel, statements: Statements): Promise<BuiltMetadata> => {
      const account = { creator: context.minter.address, chainId: registry.chainId, registry: registry.address };
      return buildMetadata({ model, facts: {}, statements, account, signer: context.minter, warn: () => undefined });
    },
    mint: async (metadata: BuiltMetadata): Promise<bigint> => {
      const submission = submit(metadata);
      await tick();
      await registry.contract.mintProvenanceNFT(context.minter, submission);
      return BigInt(submission.modelDigest);
    },
  };
}

/** Trains Iris and its second version, and records both as `mint` does. */
async function recordIris(chain: Chain): Promise<[bigint, bigint]> {
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-exports-"));
  const [first, second] = [join(folder, "iris"), join(folder, "iris-v2")];
  try {
    await trainIris(first);
    await fineTuneIris(first, second);
    await chain.tick();
    const iris = await recordModel(chain, { modelPath: first, statements: IRIS, withCid: true });
    await chain.tick();
    const statements: Statements = { license: "Apache-2.0", version: "2.0.0", relation: "version" };
    return [iris, await recordModel(chain, { modelPath: second, statements, parents: [toHex32(iris)] })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Anchors three models as a batch. @returns the second */
async function anchorThree(chain: Chain): Promise<bigint> {
  const submissions: ModelSubmission[] = [];
  for (const name of ["first", "second", "third"]) {
    const statements: Statements = { name: `Batch member, the ${name}`, license: "MIT", version: "0.1.0" };
    submissions.push(chain.submit(await chain.build(listed(name), statements)));
  }
  await chain.tick();
  await anchorBatch(submissions, chain);
  return BigInt(submissions[1]?.modelDigest ?? 0);
}

/** A model of the Hub as `import` records it, read from a replay of the Hub. */
async function importFromHub({ registry, minter: signer }: Chain): Promise<BuiltMetadata> {
  const server = await startHub();
  try {
    const vector = HUB_MODELS[0] as HubModelVector;
    server.add(toHubRepo(vector));
    const hub = openHub({ endpoint: server.url, ...manualClock() });
    const inspected = await inspectModel(hub, { reference: { id: vector.id } });
    const findOrigin = createOriginFinder(hub, registry);
    return await prepareImport(inspected, "git-lfs", { registry, signer, findOrigin, warn: () => undefined });
  } finally {
    await server.close();
  }
}
