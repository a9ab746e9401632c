import { stat } from "node:fs/promises";
import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { publishModel } from "../helpers/published-model.ts";
import { runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { type Behaviour, closeGateways, startGateway } from "../helpers/servers/gateway.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
/** What a gateway does, and whether that is a lie: then it is named in a warning. */
const FAULTS: readonly [Behaviour, boolean][] = [
  ["wrong bytes", true],
  ["truncated", true],
  ["html", true],
  ["zeros", true],
  ["zeros announced", true],
  ["gzip bomb", false],
  ["cut off", false],
  ["reset", false],
];

describe("a reader of gateways that lie or fail", function () {
  this.timeout(5 * 60_000);
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;

  before(async function () {
    served = await serveRegistry();
  });
  after(async function () {
    await served.close();
  });
  afterEach(closeGateways);

  async function publish(name: string) {
    const modelPath = await temporary.write("model", { "README.md": name, "w.bin": Buffer.alloc(MIB + 5, 7) });
    const { tokenId, links, content } = await publishModel(served, modelPath);
    const path = temporary.path("fetched");
    const fetch = async (...gateways: readonly { readonly url: string }[]) =>
      runCommand(["fetch", toHex32(tokenId), path], {
        RPC_URL: served.url,
        MODEL_PROVENANCE_ADDRESS: served.registry.address,
        STORE_PATH: temporary.path("store"),
        IPFS_GATEWAYS: gateways.map(({ url }) => url).join(","),
      });
    const expectFetched = async () => expect(BigInt((await hashModel(path)).modelDigest)).to.equal(tokenId);
    return { path, blocks: [...links, ...content], fetch, expectFetched };
  }

  for (const [behaviour, isLie] of FAULTS) {
    const what = JSON.stringify(behaviour);
    it(`ends in one error where the only one answers ${what}, and gets the model when there is another`, async function () {
      const { path, blocks, fetch, expectFetched } = await publish(what);
      const bad = await startGateway(blocks, behaviour);
      const alone = await fetch(bad);
      expect(alone.exitCode, alone.stderr).to.equal(4);
      expect(alone.stderr.match(/^error\[[A-Z_]+\]: .*$/gm), alone.stderr).to.have.length(1);
      expect(await stat(path).catch(() => undefined)).to.equal(undefined);

      const good = await startGateway(blocks);
      const { exitCode, stderr } = await fetch(bad, good);
      expect(exitCode, stderr).to.equal(0);
      await expectFetched();
      if (isLie)
        expect(stderr)
          .to.match(/warning/i)
          .and.to.include(bad.url);
      // What is read of a gigabyte ends soon after the length that the block can have.
      expect(bad.sent()).to.be.below(64 * MIB);
    });
  }

  for (const behaviour of ["hang", "hang in the middle"] as const) {
    it(`gets the model from the next one where one answers "${behaviour}"`, async function () {
      const { blocks, fetch, expectFetched } = await publish(behaviour);
      const bad = await startGateway(blocks, behaviour);
      const { exitCode, stderr } = await fetch(bad, await startGateway(blocks));
      expect(exitCode, stderr).to.equal(0);
      await expectFetched();
    });
  }
});
