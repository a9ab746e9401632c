import { readdir } from "node:fs/promises";
import { expect } from "chai";
import { MAX_BLOCK_BYTES } from "../../../../src/content/cid.ts";
import { PinataStore, type PinataStoreOptions } from "../../../../src/content/stores/pinata/pinata-store.ts";
import { UploadJournal } from "../../../../src/content/stores/upload-journal.ts";
import { type TestDag, manyBlocks } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import type { Fault, SeenRequest } from "../../../helpers/servers/fake-server.ts";
import { type FakePinata, PINATA_JWT, startPinata } from "../../../helpers/servers/pinata.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const CHUNK = MAX_BLOCK_BYTES; // three pieces for the model of the tests
const PATCH = "PATCH /v3/files/";

describe("PinataStore, large uploads", function () {
  const temporary = useTemporaryFolder();
  let pinata: FakePinata;
  let dag: TestDag;
  let waits: number[];

  before(async function () {
    dag = await manyBlocks(2);
  });

  beforeEach(async function () {
    pinata = await startPinata();
    waits = [];
  });

  afterEach(async function () {
    await pinata.close();
  });

  const open = (options: Partial<PinataStoreOptions> = {}) =>
    new PinataStore({
      jwt: PINATA_JWT,
      apiUrl: pinata.api,
      uploadUrl: pinata.api,
      wait: async (milliseconds) => waits.push(milliseconds),
      chunkBytes: CHUNK,
      journal: new UploadJournal(temporary.path("uploads")),
      ...options,
    });
  const pin = async (options?: Partial<PinataStoreOptions>) => open(options).pin(dag.root, dag.blocks);
  const patches = (): SeenRequest[] => pinata.seen.filter(({ method }) => method === "PATCH");
  const bytesSent = () => patches().reduce((sum, { body }) => sum + body.length, 0);
  const created = () => pinata.seen.filter(({ method, url }) => method === "POST" && url.pathname === "/v3/files");

  function expectWhole(): void {
    expect([...pinata.pinned]).to.deep.equal([dag.root.toString()]);
    expect(pinata.missing).to.deep.equal([]);
    for (const { cid } of dag.blocks) expect(pinata.provides(cid.toString())).to.equal(true);
  }

  it("go up in pieces, to the public network, as a CAR", async function () {
    await pin();
    expectWhole();
    expect(
      patches()
        .map(({ body }) => body.length)
        .slice(0, 2),
    ).to.deep.equal([CHUNK, CHUNK]);
    const metadata = created()[0]
      ?.headers["upload-metadata"]?.split(",")
      .map((pair) => pair.split(" "));
    const fields = Object.fromEntries(
      (metadata ?? []).map(([key, value]) => [key, Buffer.from(value ?? "", "base64").toString()]),
    );
    expect(fields).to.include({ network: "public", car: "true", filetype: "application/vnd.ipld.car" });
    expect(created()[0]?.headers["authorization"]).to.equal(`Bearer ${PINATA_JWT}`);
    expect(await readdir(temporary.path("uploads"))).to.deep.equal([]);
  });

  it("go by the vendor's package up to the limit, and resumably above it", async function () {
    await open({ chunkBytes: 3 * MAX_BLOCK_BYTES }).pin(dag.root, dag.blocks);
    expectWhole();
    expect(patches()).to.deep.equal([]);
  });

  const faults: [string, Fault][] = [
    ["a connection that ends in a piece", "break"],
    ["a connection that ends before a piece", "drop"],
    ["a lost answer", "lose"],
    ["a server error", { status: 500 }],
    ["429", { status: 429, headers: { "Retry-After": "2" } }],
    ["a lock", { status: 423 }],
    ["an offset that does not fit", { status: 409, body: "offset" }],
  ];
  for (const [what, fault] of faults) {
    it(`go on after ${what}, and repeat nothing that arrived`, async function () {
      const whole = await sizeOfCar();
      pinata.fail(PATCH, fault, fault);
      await pin();
      expectWhole();
      expect(pinata.seen.filter(({ method }) => method === "HEAD")).to.have.length.at.least(1);
      if (fault === "lose") expect(bytesSent()).to.equal(whole);
      if (typeof fault === "object" && fault.status === 429) expect(waits).to.deep.equal([2000, 2000]);
    });
  }

  async function sizeOfCar(): Promise<number> {
    await pin();
    const size = Number(created()[0]?.headers["upload-length"]);
    await pinata.close();
    pinata = await startPinata();
    return size;
  }

  it("send a piece again that the service did not keep", async function () {
    const whole = await sizeOfCar();
    pinata.fail(PATCH, { status: 204, headers: { "Upload-Offset": "0" } });
    await pin();
    expectWhole();
    expect(bytesSent()).to.equal(whole + CHUNK);
  });

  it("go on in a later run, and send only what is missing", async function () {
    const whole = await sizeOfCar();
    pinata.fail(PATCH, "lose");
    expect(await errorCode(async () => pin({ attempts: 1 }))).to.equal("STORE_FAILED");
    expect(await readdir(temporary.path("uploads"))).to.deep.equal([`pinata-${dag.root.toString()}.json`]);
    await pin();
    expectWhole();
    expect(bytesSent()).to.equal(whole);
    expect(created()).to.have.length(1);
    expect(await readdir(temporary.path("uploads"))).to.deep.equal([]);
  });

  it("begin anew where the service forgot an upload", async function () {
    pinata.fail(PATCH, "lose");
    expect(await errorCode(async () => pin({ attempts: 1 }))).to.equal("STORE_FAILED");
    pinata.fail("HEAD", { status: 404 });
    await pin();
    expectWhole();
    expect(created()).to.have.length(2);
  });

  it("begin anew where the content is another", async function () {
    pinata.fail(PATCH, "lose");
    expect(await errorCode(async () => pin({ attempts: 1 }))).to.equal("STORE_FAILED");
    await temporary.write("uploads", {
      [`pinata-${dag.root.toString()}.json`]: JSON.stringify({ url: `${pinata.api}/files/1`, size: 3, sha256: "0x" }),
    });
    await pin();
    expectWhole();
    expect(created()).to.have.length(2);
  });

  it("end with a clear error where the service asks for the same piece again and again", async function () {
    pinata.fail(PATCH, ...Array<Fault>(9).fill({ status: 204, headers: { "Upload-Offset": "0" } }));
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
    expect(patches()).to.have.length.below(9);
  });

  for (const status of [401, 402, 403, 413]) {
    it(`end at once with ${status}, at the beginning or in the middle`, async function () {
      pinata.fail("POST /v3/files", { status });
      expect(await errorCode(pin)).to.equal("STORE_REFUSED");
      pinata.fail(PATCH, { status });
      expect(await errorCode(pin)).to.equal("STORE_REFUSED");
      expect(waits).to.deep.equal([]);
    });
  }

  it("are refused where the answer is another CID", async function () {
    pinata.fail(PATCH, { status: 204, headers: { "Upload-Offset": "999999999" } });
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
    const other = { "Upload-Cid": dag.blocks[0]?.cid.toString() ?? "" };
    const length = String(await sizeOfCar());
    pinata.fail(PATCH, { status: 204, headers: { "Upload-Offset": length, ...other } });
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
  });

  it("are found in the list where the last answer was lost, however late", async function () {
    const whole = await sizeOfCar();
    pinata.lateBy = 3;
    pinata.fail("PATCH /v3/files/1", ...Array<Fault>(3).fill("lose"));
    const arrived = (bytes: number) => ({ status: 200, headers: { "Upload-Offset": String(bytes) } });
    pinata.fail("HEAD /v3/files/1", arrived(CHUNK), arrived(2 * CHUNK), arrived(whole));
    await pin();
    expectWhole();
    expect(waits).to.deep.equal([500, 500, 500, 500, 1000, 2000]);
  });

  it("send the token to no other host", async function () {
    for (const location of [
      "https://evil.example/files/1",
      "http://127.0.0.1:1/files/1",
      "//evil.example/1",
      "http://[",
    ]) {
      pinata.fail("POST /v3/files", { status: 201, headers: { Location: location } });
      expect(await errorCode(pin), location).to.equal("STORE_FAILED");
    }
    expect(patches()).to.deep.equal([]);
    pinata.fail("POST /v3/files", { status: 201 });
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
  });

  it("stop when they are told to, and go on later", async function () {
    const stop = new AbortController();
    pinata.fail(PATCH, "hang");
    const pinning = open().pin(dag.root, dag.blocks, { signal: stop.signal });
    pinning.catch(() => undefined);
    while (patches().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await errorCode(async () => pinning)).to.equal("INTERRUPTED");
    await pin();
    expectWhole();
    expect(created()).to.have.length(1);
  });

  it("fail before anything is sent where they cannot be noted", async function () {
    await temporary.write("", { uploads: "a file in the folder's place" });
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
    expect(patches()).to.deep.equal([]);
  });

  it("say so where the content became shorter", async function () {
    let reads = 0;
    const shrinking = {
      *[Symbol.iterator]() {
        yield* reads++ === 0 ? dag.blocks : dag.blocks.slice(0, 1);
      },
    };
    expect(await errorCode(async () => open().pin(dag.root, shrinking))).to.equal("MODEL_CHANGED");
  });

  it("pin blocks whose content is elsewhere as a folder that is whole", async function () {
    const links = dag.blocks.slice(-1);
    await open().pin(dag.root, links, { linksOnly: true });
    expect(pinata.missing).to.deep.equal([]);
    expect(pinata.pinned.has(dag.root.toString())).to.equal(false);
    expect(pinata.provides(dag.root.toString())).to.equal(true);
    await open().pin(dag.root, links, { linksOnly: true });
    expect(created()).to.have.length(1);
    await pin();
    expect(pinata.pinned.has(dag.root.toString())).to.equal(true);
  });

  it("take a real one of more than 50 MiB", async function () {
    const { root, blocks } = await manyBlocks(51, 7);
    await new PinataStore({ jwt: PINATA_JWT, apiUrl: pinata.api, uploadUrl: pinata.api }).pin(root, blocks);
    expect([...pinata.pinned]).to.deep.equal([root.toString()]);
    expect(pinata.missing).to.deep.equal([]);
    expect(patches().map(({ body }) => body.length)[0]).to.equal(50 * 1024 * 1024 + 1);
  });
});
