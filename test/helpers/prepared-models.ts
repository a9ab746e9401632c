import { type PreparedModel, type PublishRequest, prepareModel } from "../../src/publish/prepare-model.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { networkHelpers } from "./deploy-model-provenance.ts";
import { deployRegistry } from "./recorded-model.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** A registry, a store in a folder, models to publish, and a context that agrees to everything. */
export async function createPublisher(temporary: TemporaryFolder) {
  const deployed = await networkHelpers.loadFixture(deployRegistry);
  const { registry, minter } = deployed;
  const store = new LocalStore(temporary.path("store"));
  const context = { registry, signer: minter, store, warn: () => undefined, confirm: async () => undefined };
  const prepare = async (name: string, request: Partial<PublishRequest> = {}): Promise<PreparedModel> => {
    const modelPath = await temporary.write(name, { "weights.bin": name });
    return prepareModel({ modelPath, statements: { license: "MIT" }, ...request }, context);
  };
  return { ...deployed, store, context, prepare };
}
