import { appendFile, readdir, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { runMint } from "../../../src/cli/run/mint.ts";
import { runPin } from "../../../src/cli/run/pin.ts";
import type { ProvenanceError } from "../../../src/base/errors.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { pinMetadata } from "../../../src/publish/pin-metadata.ts";
import { prepareModel } from "../../../src/publish/prepare-model.ts";
import { readDag } from "../../../src/content/car/export-car.ts";
import { checkStore } from "../../../src/content/stores/local/check-store.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FILES = {
  "README.md": "A model.",
  "model.safetensors": Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(MIB, 2), Buffer.from("rest")]),
};
const SIZE = 8 + 2 * MIB + 4;

describe("pinning a model itself", function () {
  const temporary = useTemporaryFolder();

  async function deploy() {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const modelPath = await temporary.write("model", FILES);
    const connection: ChainConnection = {
      networkName: "test",
      chainId: 31337n,
      provider: ethers.provider,
      deploymentsFolder: "nowhere",
      getSigner: async () => minter,
    };
    const options = {
      modelPath,
      registryAddress: registry.address,
      storePath: temporary.path("store"),
      withModel: true,
      format: "json" as const,
    };
    return { registry, minter, modelPath, connection, options };
  }

  async function bytesBelow(folder: string): Promise<number> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return (await Promise.all(files.map(async (file) => (await stat(file)).size))).reduce((sum, size) => sum + size, 0);
  }

  for (const [verb, run] of Object.entries({ pin: runPin, mint: runMint })) {
    it(`${verb} records the CID, and keeps the files where they are`, async function () {
      const { connection, options, modelPath } = await deploy();
      const { terminal } = recordingTerminal();
      const { cid } = await hashModel(modelPath, { withCid: true });
      expect(await run(options, connection, terminal)).to.equal(0);
      const store = new LocalStore(options.storePath);
      const content: number[] = [];
      for await (const { bytes } of readDag(store, CID.parse(cid as string))) content.push(bytes.length);
      expect(content.reduce((sum, size) => sum + size)).to.be.above(SIZE);
      expect(await bytesBelow(options.storePath)).to.be.below(32_768);
      expect(await checkStore(store)).to.deep.include({ faults: [], spare: [] });
      expect((await store.parts.pins.list()).every(({ blocks }) => blocks === undefined)).to.equal(true);
    });
  }

  it("says in JSON what was recorded and pinned", async function () {
    const { connection, options, modelPath } = await deploy();
    const { terminal, printed } = recordingTerminal();
    await runPin(options, connection, terminal);
    const { cid } = await hashModel(modelPath, { withCid: true });
    const expected = { cid, profile: "unixfs-v1-2025", size: SIZE, pinned: "content" };
    expect((JSON.parse(printed.join("\n")) as { model: unknown }).model).to.deep.equal(expected);
    printed.length = 0;
    await runPin({ ...options, withModel: false, withCid: true }, connection, terminal);
    expect((JSON.parse(printed.join("\n")) as { model: unknown }).model).to.deep.equal({
      ...expected,
      pinned: "links",
    });
  });

  it("copies where that is asked for", async function () {
    const { connection, options } = await deploy();
    await runPin({ ...options, copyContent: true }, connection, recordingTerminal().terminal);
    expect(await bytesBelow(options.storePath)).to.be.above(SIZE);
  });

  it("pins nothing of a model that changed since it was hashed, and names the file", async function () {
    const { registry, minter, modelPath, options } = await deploy();
    const path = join(modelPath, "model.safetensors");
    for (const change of [async () => appendFile(path, "x"), async () => truncate(path, MIB)]) {
      const request = { modelPath, statements: {}, withModel: true };
      const { built } = await prepareModel(request, { registry, signer: minter, warn: () => undefined });
      await change();
      const store = new LocalStore(options.storePath);
      const error = await pinMetadata(built, store).then(
        () => undefined,
        (error: unknown) => error as ProvenanceError,
      );
      expect(error?.code).to.equal("MODEL_CHANGED");
      expect(error?.message).to.include(path);
      const pinned = (await store.parts.pins.list()).map(({ root }) => root.toString());
      expect(pinned).to.not.include(built.metadata.provenance.model?.cid).and.not.include(built.block.cid.toString());
    }
  });

  it("tells of the bytes each time they are read", async function () {
    const { registry, minter, modelPath, options } = await deploy();
    const request = { modelPath, statements: {}, withModel: true };
    const { built } = await prepareModel(request, { registry, signer: minter, warn: () => undefined });
    let [total, done] = [0, 0];
    const progress = { onTotal: (bytes: number) => (total += bytes), onBytes: (bytes: number) => (done += bytes) };
    await pinMetadata(built, new LocalStore(options.storePath), progress);
    expect([total, done]).to.deep.equal([SIZE, SIZE]);
  });
});
