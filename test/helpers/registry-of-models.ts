import type { Signer } from "ethers";
import type { Registry } from "../../src/registry/registry.ts";
import { toHex32 } from "../../src/base/hex.ts";
import type { Statements } from "../../src/metadata/build-provenance.ts";
import type { MemoryStore } from "./memory-store.ts";
import { recordModel } from "./recorded-model.ts";
import { leanSubmission } from "./submissions.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

interface Served {
  readonly registry: Registry;
  readonly store: MemoryStore;
  readonly minter: Signer;
}

/** The tokens of {@link recordFamily}. */
export interface Family {
  readonly base: bigint;
  readonly tuned: bigint;
  readonly next: bigint;
  readonly adapter: bigint;
  readonly merge: bigint;
  readonly quantized: bigint;
}

/**
 * Records models with metadata, of which one came from the other; `next` is deprecated, `quantized` is revoked, and the
 * fine-tune alone is endorsed:
 *
 *     hf://albert/albert-base-v2 ─ base ─ tuned ─ next ─┐
 *                                     └─ adapter ───────┴─ merge ─ quantized
 */
export async function recordFamily(served: Served, temporary: TemporaryFolder): Promise<Family> {
  const { registry } = served;
  const record = async (name: string, parents: bigint[], statements: Statements) => {
    const modelPath = await temporary.write(name.replaceAll(/\W/g, "-"), { "w.bin": name });
    const named = { name, license: "Apache-2.0", ...statements };
    return recordModel(served, { modelPath, parents: parents.map(toHex32), statements: named });
  };
  const outside = [{ uri: "hf://albert/albert-base-v2@main", relation: "fine-tune" as const }];
  const base = await record("Alba base", [], { baseModels: outside, license: "GPL-3.0-only" });
  const tuned = await record("Alba reader", [base], { license: "MIT", relation: "fine-tune" });
  const next = await record("Alba reader 2", [tuned], { version: "2.0.0", relation: "version" });
  const adapter = await record("Alba LoRA", [base], { license: "GPL-3.0-only", relation: "adapter" });
  const merge = await record("Alba merged", [next, adapter], { relation: "merge" });
  const quantized = await record("Alba merged q4", [merge], { relation: "quantized" });
  await registry.contract.endorse(base, registry.chainId, registry.address, tuned);
  await registry.contract.setStatus(next, 1n, "superseded by a faster one");
  await registry.contract.setStatus(quantized, 2n, "poisoned training data");
  return { base, tuned, next, adapter, merge, quantized };
}

/** Records many models without metadata, 40 in a transaction; every third is under MIT. */
export async function recordMany({ registry, minter }: Served, count: number): Promise<void> {
  for (let i = 0; i < count; i += 40) {
    const submissions = Array.from({ length: Math.min(40, count - i) }, (_, j) =>
      leanSubmission(`many ${i + j}`, (i + j) % 3 === 0 ? { license: "MIT" } : {}),
    );
    await registry.contract.mintBatch(minter, submissions);
  }
}
