import { expect } from "chai";
import { rawBlock } from "../../../../src/content/cid.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { blocksOfFolder } from "../../../helpers/folder-blocks.ts";
import { type OwnGateway, startGateway } from "../../../helpers/own-gateway.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const FILES = { "config.json": "{}", "sub/weights.bin": "weights" };

describe("gateway, refusing", function () {
  const temporary = useTemporaryFolder();
  let gateway: OwnGateway;
  let root: string;

  beforeEach(async function () {
    const made = await blocksOfFolder(await temporary.write("model", FILES), Object.keys(FILES));
    root = made.root.toString();
    const store = new LocalStore(temporary.path("store"));
    await store.pin(made.root, made.blocks);
    gateway = await startGateway(store);
  });
  afterEach(async () => gateway.close());

  const ask: OwnGateway["ask"] = async (...args) => gateway.ask(...args);

  it("says what it does not have, and what was not asked well", async function () {
    const cases: [path: string, status: number, headers?: Record<string, string>][] = [
      ["/", 404],
      ["/ipns/example.org", 404],
      ["/ipfs/", 404],
      ["/ipfs/not-a-cid", 400],
      [`/ipfs/${rawBlock(Buffer.from("never pinned")).cid.toString()}`, 404],
      [`/ipfs/${root}/none`, 404],
      [`/ipfs/${root}/config.json/below`, 404],
      [`/ipfs/${root}/%`, 400],
      [`/ipfs/${root}/%ff`, 400],
      [`/ipfs/${root}${"/x".repeat(65)}`, 400],
      [`/ipfs/${root}?format=tar`, 406],
      [`/ipfs/${root}?format=car&car-version=2`, 406],
      [`/ipfs/${root}`, 406, { accept: "application/vnd.ipld.dag-json" }],
      [`/ipfs/${root}?format=car&dag-scope=some`, 400],
      [`/ipfs/${root}?format=car&entity-bytes=1`, 400],
      [`/ipfs/${root}`, 431, { padding: "x".repeat(32_768) }],
    ];
    for (const [path, status, headers] of cases) {
      const reply = await ask(path, headers);
      expect(reply.status, path).to.equal(status);
      if (status !== 431)
        expect(reply.headers).to.include({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
    }
    expect(gateway.failures).to.deep.equal([]);
  });

  it("reaches no file of this machine, however the path is written", async function () {
    for (const path of [
      "/ipfs/../../../../etc/passwd",
      "/../../etc/passwd",
      "/etc/passwd",
      "http://127.0.0.1/etc/passwd",
      `/ipfs/${root}/../../../etc/passwd`,
      `/ipfs/${root}/..`,
      `/ipfs/${root}/%2e%2e/%2e%2e/etc/passwd`,
      `/ipfs/${root}/..%2f..%2fetc%2fpasswd`,
      `/ipfs/${root}/sub/..%5c..%5cetc`,
      `/ipfs/${root}/config.json%00.txt`,
      `/ipfs/..%2f..%2fpins/${root}`,
    ]) {
      const { status, body } = await ask(path);
      expect(status, path).to.be.oneOf([400, 404]);
      expect(body.toString()).to.not.include("root:");
    }
  });

  it("gives and takes nothing else", async function () {
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const { status, headers } = await ask(`/ipfs/${root}`, {}, method);
      expect([status, headers.allow]).to.deep.equal([405, "GET, HEAD, OPTIONS"]);
    }
    const preflight = await ask(`/ipfs/${root}`, { origin: "https://example.org" }, "OPTIONS");
    expect(preflight.status).to.equal(204);
    expect(preflight.headers).to.include({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
    });
    expect(preflight.headers["access-control-allow-headers"]).to.include("Range");
  });

  it("waits for nobody for ever", function () {
    expect(gateway.server.headersTimeout).to.be.within(1, 30_000);
    expect(gateway.server.requestTimeout).to.be.within(1, 60_000);
    expect(gateway.server.timeout).to.be.within(1, 120_000);
    expect(gateway.server.maxConnections).to.be.within(1, 10_000);
  });
});
