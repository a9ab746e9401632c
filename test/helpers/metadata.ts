import { Wallet, getAddress } from "ethers";
import { type BuildMetadataInput, type BuiltMetadata, buildMetadata } from "../../src/metadata/build-metadata.ts";
import type { RecordingAccount } from "../../src/metadata/build-provenance.ts";
import { weightsByName } from "../../src/model/find-weights.ts";
import type { HashedModel } from "../../src/model/hash-model.ts";
import { computeManifestDigests } from "../../src/model/manifest-digests.ts";
import type { Resource } from "../../src/model/resource.ts";
import { resourceOf } from "./resources.ts";

/** An account of tests only; its key is public. */
export const testWallet = new Wallet(`0x${"11".repeat(32)}`);

/** Where the tests record models. */
export const testAccount: RecordingAccount = {
  creator: testWallet.address,
  chainId: 31337n,
  registry: getAddress("0x5fbdb2315678afecb367f032d93f642f64180aa3"),
};

/** A hashed model that lies nowhere. */
export function createModel(
  resources: readonly Resource[] = [resourceOf("README.md", "# Model"), resourceOf("model.safetensors", "weights")],
): HashedModel {
  const digests = computeManifestDigests(resources);
  const weights = weightsByName(resources.map(({ name }) => name));
  const rest = { weights, warnings: [], pointers: [], cached: 0 };
  return { kind: "folder", path: "/models/a-model", resources, excluded: [], ignorePaths: [], ...rest, ...digests };
}

/** Builds the metadata of a model, with what the test is about; warnings are collected. */
export async function buildTestMetadata(
  input: Partial<BuildMetadataInput> = {},
): Promise<BuiltMetadata & { warnings: string[] }> {
  const warnings: string[] = [];
  const built = await buildMetadata({
    model: createModel(),
    facts: {},
    statements: { license: "MIT" },
    account: testAccount,
    signer: testWallet,
    warn: (text) => warnings.push(text),
    ...input,
  });
  return { ...built, warnings };
}
