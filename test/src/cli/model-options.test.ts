import { expect } from "chai";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { runHash } from "../../../src/cli/run/hash.ts";
import { runMint } from "../../../src/cli/run/mint.ts";
import { runPin } from "../../../src/cli/run/pin.ts";
import { runVerify } from "../../../src/cli/run/verify.ts";
import { DigestCache } from "../../../src/model/hashing/digest-cache.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { lfsPointerTo } from "../../helpers/lfs-pointer.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILES = { "README.md": "A model.", "config.json": "{}", "model.safetensors": "weights" };
const POINTERS = { ...FILES, "model.safetensors": lfsPointerTo("weights") };

interface Answer {
  readonly resources: readonly { readonly pointer?: boolean }[];
  readonly pointers: readonly string[];
  readonly warnings: readonly string[];
  readonly unsafeSerialization: readonly string[];
  readonly reason: string;
}

describe("options for a model's folder", function () {
  const temporary = useTemporaryFolder();
  const cachePath = () => temporary.path("cache.json");

  /** A cache that knows a folder already, as if it had been hashed a minute after it was written. */
  async function fillCache(folder: string): Promise<void> {
    const now = () => Date.now() + 60_000;
    const cache = await DigestCache.open(cachePath(), { now, warn: expect.fail });
    await hashModel(folder, { cache });
    await cache.save();
  }

  describe("of hash", function () {
    async function hash(options: Parameters<typeof runHash>[0]) {
      const { terminal, printed, ...streams } = recordingTerminal();
      expect(await runHash(options, terminal)).to.equal(0);
      const text = printed.join("\n");
      return { text, json: (options.format === "json" ? JSON.parse(text) : {}) as Answer, ...streams };
    }

    it("--cache takes digests from the file and says how many", async function () {
      const modelPath = await temporary.write("model", FILES);
      await fillCache(modelPath);
      const { text, notes } = await hash({ modelPath, cachePath: cachePath() });
      expect(text).to.equal((await hash({ modelPath })).text);
      expect(notes.join()).to.include("3 of 3");
      const { json } = await hash({ modelPath, cachePath: cachePath(), format: "json" });
      expect(json).to.include({ cached: 3 });
    });

    it("names the files that may run code when they are loaded", async function () {
      const files = { ...FILES, "training_args.bin": "pickle", "a/data.npz": "no archive", "model.keras": "nor this" };
      const modelPath = await temporary.write("model", files);
      const { json } = await hash({ modelPath, format: "json" });
      expect(json.unsafeSerialization).to.deep.equal(["a/data.npz", "model.keras", "training_args.bin"]);
      const { text, notes } = await hash({ modelPath });
      expect(text).not.to.include("nsafe");
      expect(notes.join()).to.match(
        /^Unsafe serialization: loading a\/data\.npz, model\.keras, training_args\.bin may/,
      );
      const safe = await hash({ modelPath: await temporary.write("safe", FILES), format: "json" });
      expect(safe.json.unsafeSerialization).to.deep.equal([]);
    });

    it("names pickles of which there is a pointer alone", async function () {
      const files = { ...FILES, "model.pt": lfsPointerTo("weights"), "data.npz": lfsPointerTo("data") };
      const modelPath = await temporary.write("model", files);
      const { json } = await hash({ modelPath, lfsPointers: true, format: "json" });
      expect(json.unsafeSerialization).to.deep.equal(["model.pt"]);
    });

    it("--lfs-pointers marks what is a pointer and not content", async function () {
      const modelPath = await temporary.write("model", POINTERS);
      const { text } = await hash({ modelPath, lfsPointers: true });
      expect(text).to.match(/model\.safetensors .*[0-9a-f]{64} {2}pointer, not content/);
      expect(text.match(/pointer/g)).to.have.length(1);
      const { json } = await hash({ modelPath, lfsPointers: true, format: "json" });
      expect(json.resources.map(({ pointer }) => pointer)).to.deep.equal([undefined, undefined, true]);
    });

    it("without it warns of a weight file that is a pointer", async function () {
      const { warnings, text } = await hash({ modelPath: await temporary.write("model", POINTERS) });
      expect(warnings.join()).to.include("git lfs pull");
      expect(text).to.not.include("pointer");
    });
  });

  describe("of verify", function () {
    const deploy = async () => {
      const deployed = await networkHelpers.loadFixture(deployRegistry);
      deployed.store.blocks.clear();
      const modelPath = await temporary.write("model", FILES);
      await recordModel(deployed, { modelPath, statements: {} });
      return { ...deployed, modelPath };
    };

    async function verify(
      { registry }: Awaited<ReturnType<typeof deploy>>,
      options: Parameters<typeof runVerify>[0],
      format: "json" | "human" = "json",
    ) {
      const { terminal, printed, ...streams } = recordingTerminal();
      const stores = { storePath: temporary.path("store"), registryAddress: registry.address, format };
      const exitCode = await runVerify({ ...stores, ...options }, connect(), terminal);
      return { exitCode, json: (format === "json" ? JSON.parse(printed.join("\n")) : {}) as Answer, ...streams };
    }

    it("--cache alone reads every file, and says so", async function () {
      const deployed = await deploy();
      await fillCache(deployed.modelPath);
      const { json, notes } = await verify(deployed, { modelPath: deployed.modelPath, cachePath: cachePath() });
      expect(json).to.include({ exitCode: 0, cached: 0 });
      expect(notes.join()).to.include("TRUST_CACHE");
    });

    it("--trust-cache takes digests from the cache, and says how many", async function () {
      const deployed = await deploy();
      await fillCache(deployed.modelPath);
      const options = { modelPath: deployed.modelPath, cachePath: cachePath(), trustCache: true };
      const { json, notes } = await verify(deployed, options);
      expect(json).to.include({ exitCode: 0, cached: 3 });
      expect(json.warnings.join()).to.include("3 of 3 files were not read");
      expect(notes).to.deep.equal([]);
      expect((await verify(deployed, options, "human")).warnings.join()).to.include("3 of 3 files were not read");
    });

    it("--lfs-pointers compares by the pointers, and says so", async function () {
      const deployed = await deploy();
      const modelPath = await temporary.write("pointers", POINTERS);
      const { json } = await verify(deployed, { modelPath, lfsPointers: true });
      expect(json).to.include({ exitCode: 0, verdict: "verified" });
      expect(json.pointers).to.deep.equal(["model.safetensors"]);
      expect(json.reason).to.include("pointers");
      expect(json.warnings.join()).to.include("1 of 3 files are Git LFS pointers");
    });

    it("without it a pointer is not the content", async function () {
      const deployed = await deploy();
      const { json } = await verify(deployed, { modelPath: await temporary.write("pointers", POINTERS) });
      expect(json).to.include({ exitCode: 3, verdict: "not-registered" });
      expect(json.warnings.join()).to.include("git lfs pull");
    });
  });

  for (const [verb, run] of Object.entries({ pin: runPin, mint: runMint })) {
    it(`of ${verb} never take a pointer for content`, async function () {
      const { minter, registry } = await networkHelpers.loadFixture(deployRegistry);
      const modelPath = await temporary.write("model", POINTERS);
      const { terminal, printed } = recordingTerminal();
      const given = { modelPath, registryAddress: registry.address, storePath: temporary.path("store") };
      for (const more of [{}, { lfsPointers: true }, { dryRun: true }]) {
        const code = await errorCode(() => run({ ...given, ...more }, connect(minter), terminal));
        expect(code).to.equal("MODEL_INCOMPLETE");
      }
      expect(printed).to.deep.equal([]);
    });
  }
});

function connect(signer?: Awaited<ReturnType<typeof deployRegistry>>["minter"]): ChainConnection {
  const chain = { networkName: "test", chainId: 31337n, provider: ethers.provider, deploymentsFolder: "nowhere" };
  return signer === undefined ? chain : { ...chain, getSigner: async () => signer };
}
