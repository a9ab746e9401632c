import { type Signer, sha256 } from "ethers";
import { toSubmission } from "../../src/registry/to-submission.ts";
import { type Registry, openRegistry } from "../../src/registry/registry.ts";
import type { ModelSubmission } from "../../src/registry/submission.ts";
import type { Hex } from "../../src/base/hex.ts";
import { canonicalJson } from "../../src/metadata/canonical-json.ts";
import type { Metadata } from "../../src/metadata/schema.ts";
import { type PublishRequest, prepareModel } from "../../src/publish/prepare-model.ts";
import { rawBlock } from "../../src/content/cid.ts";
import { deployModelProvenance, ethers, networkHelpers } from "./deploy-model-provenance.ts";
import { MemoryStore } from "./memory-store.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** A registry on the in-process chain whose minter signs, and a store. */
export async function deployRegistry() {
  const { registry: contract, minter, ...accounts } = await deployModelProvenance();
  const registry: Registry = await openRegistry(ethers.provider, await contract.getAddress(), minter);
  return { ...accounts, contract, minter, registry, store: new MemoryStore() };
}

type Deployed = Awaited<ReturnType<typeof deployRegistry>>;

/** Records a model as `mint` does, or as a careless or dishonest creator would: with other metadata or another submission. */
export async function recordModel(
  { registry, minter, store }: Pick<Deployed, "registry" | "store"> & { readonly minter: Signer },
  request: PublishRequest,
  change: { metadata?: (metadata: Metadata) => unknown; submission?: Partial<ModelSubmission> } = {},
): Promise<bigint> {
  const { built } = await prepareModel(request, { registry, signer: minter, warn: () => undefined });
  const bytes = canonicalJson(change.metadata?.(structuredClone(built.metadata)) ?? built.metadata);
  store.add(rawBlock(bytes));
  for (const { blocks } of built.attachments) for (const block of blocks) store.add(block);
  const submission = toSubmission(built.metadata.provenance, sha256(bytes) as Hex, () => undefined);
  await registry.contract.mintProvenanceNFT(minter, { ...submission, ...change.submission });
  return BigInt(built.metadata.provenance.modelDigest);
}

const FILES = { "README.md": "A model.", "a.safetensors": "a", "b.safetensors": "b", "sub/config.json": "{}" };

/** A recorded model of four files, and what verifying it takes. */
export async function recordFiles(temporary: TemporaryFolder, change: Parameters<typeof recordModel>[2] = {}) {
  const deployed = await networkHelpers.loadFixture(deployRegistry);
  deployed.store.blocks.clear();
  const modelPath = await temporary.write("model", FILES);
  const tokenId = await recordModel(deployed, { modelPath, statements: {} }, change);
  const request = { modelPath, registry: deployed.registry, store: deployed.store, tokenId };
  return { ...deployed, modelPath, tokenId, request };
}
