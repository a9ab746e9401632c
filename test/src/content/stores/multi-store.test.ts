import { expect } from "chai";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import type { Block } from "../../../../src/content/cid.ts";
import type { Blocks, ContentStore, StoreRole } from "../../../../src/content/content-store.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { MultiStore } from "../../../../src/content/stores/multi-store.ts";
import { PinataStore } from "../../../../src/content/stores/pinata/pinata-store.ts";
import { PinningServiceStore } from "../../../../src/content/stores/psa/pinning-service-store.ts";
import { manyBlocks, singleBlock } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { type FakePinata, PINATA_JWT, startPinata } from "../../../helpers/servers/pinata.ts";
import { type FakePinningService, PSA_TOKEN, startPinningService } from "../../../helpers/servers/pinning-service.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

describe("MultiStore", function () {
  const temporary = useTemporaryFolder();
  const { root, blocks } = singleBlock();
  let pinata: FakePinata;
  let service: FakePinningService;

  beforeEach(async function () {
    [pinata, service] = await Promise.all([startPinata(), startPinningService()]);
    service.provides = pinata.provides;
  });

  afterEach(async function () {
    await Promise.all([pinata.close(), service.close()]);
  });

  const wait = async () => undefined;
  const openLocal = () => new LocalStore(temporary.path("store"));
  const openPinata = () =>
    new PinataStore({ jwt: PINATA_JWT, apiUrl: pinata.api, uploadUrl: pinata.api, gateway: pinata.url, wait });
  const openService = () => new PinningServiceStore({ url: service.endpoint, token: PSA_TOKEN, wait });
  const failure = async (action: () => Promise<unknown>) =>
    action().then(
      () => new ProvenanceError("STORE_FAILED", "no error"),
      (error: ProvenanceError) => error,
    );
  const uploads = () => pinata.routes().filter((route) => route === "POST /v3/files");

  it("is called by all its stores, and public where one of them is", function () {
    expect(new MultiStore([openLocal(), openPinata()])).to.include({ name: "local,pinata", public: true });
    expect(new MultiStore([openLocal()])).to.include({ name: "local", public: false });
  });

  it("pins in all, providers first, whatever their order", async function () {
    const store = new MultiStore([openService(), openLocal(), openPinata()]);
    expect(await store.has(root)).to.equal(false);
    await store.pin(root, blocks);
    expect(await store.has(root)).to.equal(true);
    expect(await openLocal().has(root)).to.equal(true);
    expect([...pinata.pinned]).to.deep.equal([root.toString()]);
    expect(service.pins.map(({ status }) => status)).to.deep.equal(["pinned"]);
  });

  it("reads the blocks anew for each store", async function () {
    const dag = await manyBlocks(3);
    let reads = 0;
    async function* read() {
      reads++;
      yield* dag.blocks;
    }
    await new MultiStore([openLocal(), openPinata()]).pin(dag.root, { [Symbol.asyncIterator]: read });
    expect(reads).to.equal(2);
    expect(pinata.missing).to.deep.equal([]);
    for (const { cid } of dag.blocks) expect(await openLocal().has(cid)).to.equal(true);
    const once: unknown = await new MultiStore([openLocal(), openPinata()])
      .pin(dag.root, read())
      .catch((error: unknown) => error);
    expect(once).to.be.instanceOf(TypeError);
  });

  it("names who confirmed and who did not, and repeats only what is missing", async function () {
    const store = new MultiStore([openLocal(), openPinata(), openService()]);
    pinata.fail("POST /v3/files", { status: 402, body: { error: "no plan" } });
    const { code, message } = await failure(async () => store.pin(root, blocks));
    expect(code).to.equal("STORE_REFUSED");
    expect(message).to.match(/is pinned in local, not in pinata, and psa was not tried: .*402 \(no plan\).*Run again/);
    expect(await openLocal().has(root)).to.equal(true);

    await store.pin(root, blocks);
    await store.pin(root, blocks);
    expect(await store.has(root)).to.equal(true);
    expect(uploads()).to.have.length(2); // one refused, one taken
  });

  it("does not ask a follower where no provider confirmed", async function () {
    const store = new MultiStore([openPinata(), openService()]);
    pinata.fail("POST /v3/files", { status: 413 });
    const { message } = await failure(async () => store.pin(root, blocks));
    expect(message).to.match(/is pinned in none of the stores, not in pinata, and psa was not tried: /);
    expect(service.seen).to.deep.equal([]);
  });

  it("asks a follower alone where the content was said to be elsewhere", async function () {
    service.provides = () => true;
    await new MultiStore([openService()]).pin(root, blocks);
    expect(service.pins).to.have.length(1);
  });

  describe("with stores that fail as they like", function () {
    const pinned: string[] = [];

    function fake(name: string, role: StoreRole, error?: Error): ContentStore {
      return {
        name,
        role,
        public: true,
        pin: async (_root: CID, given: Blocks) => {
          for await (const _ of given);
          if (error !== undefined) throw error;
          pinned.push(name);
        },
        get: async () => Promise.reject(error ?? new ProvenanceError("STORE_BLOCK_MISSING", `${name} lacks it.`)),
        has: async () => pinned.includes(name),
        copiesOf: () => [`ar://${name}`],
        quote: async (given: readonly Block[]) => [`${name}: ${given.length} blocks`],
      };
    }
    const failed = (text: string) => new ProvenanceError("STORE_FAILED", text);

    beforeEach(function () {
      pinned.splice(0);
    });

    it("pays for copies only when all others confirmed", async function () {
      const store = new MultiStore([
        fake("copy", "copy"),
        fake("a", "provider", failed("A is down.")),
        fake("b", "provider"),
      ]);
      const { message } = await failure(async () => store.pin(root, blocks));
      expect(message).to.match(/is pinned in b, not in a, and copy was not tried: A is down\. Run again/);
      expect(pinned).to.deep.equal(["b"]);
    });

    it("joins the codes where they differ", async function () {
      const refused = new ProvenanceError("STORE_REFUSED", "B refuses.");
      const store = new MultiStore([fake("a", "provider", failed("A is down.")), fake("b", "provider", refused)]);
      const { code, message } = await failure(async () => store.pin(root, blocks));
      expect(code).to.equal("STORE_FAILED");
      expect(message).to.include("A is down. B refuses.");
    });

    it("stops where the user, the model or a fault of ours does", async function () {
      for (const error of [
        new ProvenanceError("INTERRUPTED", "stop"),
        new ProvenanceError("MODEL_CHANGED", "changed"),
        new TypeError("a fault of ours"),
      ]) {
        const store = new MultiStore([fake("a", "provider", error), fake("b", "provider")]);
        expect(await failure(async () => store.pin(root, blocks))).to.equal(error);
        expect(pinned).to.deep.equal([]);
      }
    });

    it("joins what the stores say of costs and copies", async function () {
      const store = new MultiStore([fake("a", "provider"), fake("b", "copy"), openLocal()]);
      expect(await store.quote(blocks)).to.deep.equal(["a: 1 blocks", "b: 1 blocks"]);
      expect(store.copiesOf(root)).to.deep.equal(["ar://a", "ar://b"]);
    });
  });

  it("reads from the first store that has an undamaged block", async function () {
    const store = new MultiStore([openLocal(), openPinata()]);
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_BLOCK_MISSING");
    await openPinata().pin(root, blocks);
    expect(Buffer.from(await store.get(root)).equals(blocks[0]?.bytes as Uint8Array)).to.equal(true);
    pinata.fail("GET /ipfs/", { status: 200, body: "other" });
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_FAILED"); // missing here, damaged there
    await openLocal().pin(root, blocks);
    expect(Buffer.from(await store.get(root)).equals(blocks[0]?.bytes as Uint8Array)).to.equal(true);
  });
});
