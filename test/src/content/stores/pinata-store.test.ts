import { inspect } from "node:util";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import type { ContentStore } from "../../../../src/content/content-store.ts";
import { PinataStore, type PinataStoreOptions } from "../../../../src/content/stores/pinata/pinata-store.ts";
import { singleBlock } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import type { Fault } from "../../../helpers/servers/fake-server.ts";
import { type FakePinata, PINATA_JWT, startPinata } from "../../../helpers/servers/pinata.ts";

const UPLOAD = "POST /v3/files";
const LIST = "GET /v3/files/public";

describe("PinataStore", function () {
  let pinata: FakePinata;
  let waits: number[];

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
      gateway: pinata.url,
      wait: async (milliseconds) => waits.push(milliseconds),
      ...options,
    });
  const messageOf = async (action: () => Promise<unknown>) =>
    action().then(
      () => "no error",
      (error: Error) => error.message,
    );
  const { root, blocks } = singleBlock();

  it("is called pinata, provides blocks, and others can fetch from it", function () {
    const store: ContentStore = open();
    expect(store).to.include({ name: "pinata", public: true });
    expect(store.role).to.equal(undefined);
  });

  it("uploads our CAR to the public network, and the CID is ours", async function () {
    await open().pin(root, blocks);
    expect([...pinata.pinned]).to.deep.equal([root.toString()]);
    expect(pinata.routes()).to.deep.equal([LIST, UPLOAD]);
    const form = pinata.seen[1]?.body.toString("latin1");
    expect(form).to.match(/name="network"\r\n\r\npublic/);
    expect(form).to.match(/name="car"\r\n\r\ntrue/);
    expect(form).to.include(`filename="${root.toString()}.car"`);
  });

  it("sends nothing that is pinned already, and says so", async function () {
    const store = open();
    expect(await store.has(root)).to.equal(false);
    await store.pin(root, blocks);
    expect(await store.has(root)).to.equal(true);
    await store.pin(root, blocks);
    await open().pin(root, blocks);
    expect(pinata.routes().filter((route) => route === UPLOAD)).to.have.length(1);
  });

  it("reads blocks from the gateway, checked", async function () {
    const store = open();
    await store.pin(root, blocks);
    expect(Buffer.from(await store.get(root)).equals(blocks[0]?.bytes as Uint8Array)).to.equal(true);
    expect(await errorCode(async () => store.get(singleBlock("unknown").root))).to.equal("STORE_BLOCK_MISSING");
    pinata.fail("GET /ipfs/", { status: 200, body: "other bytes" });
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_BLOCK_CORRUPT");
    pinata.fail("GET /ipfs/", { status: 200, body: Buffer.alloc(2 * 1024 * 1024) });
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_FAILED");
    expect(pinata.seen.filter(({ url }) => url.pathname.startsWith("/ipfs/"))).to.satisfy(
      (requests: { headers: Record<string, string> }[]) =>
        requests.every(({ headers }) => !("authorization" in headers)),
    );
  });

  it("gives reading up with the reason of who asked", async function () {
    const stop = new AbortController();
    pinata.fail("GET /ipfs/", "hang");
    const reading = open().get(root, { signal: stop.signal });
    setImmediate(() => stop.abort("another was faster"));
    expect(await reading.catch((reason: unknown) => reason)).to.equal("another was faster");
  });

  describe("refusals that will not pass", function () {
    const refusals: [Fault, string, RegExp][] = [
      [{ status: 401, body: { error: "Not Authorized" } }, "STORE_REFUSED", /401 \(Not Authorized\).*PINATA_JWT/],
      [
        { status: 403, body: { error: { reason: "NO_SCOPES_FOUND", details: "missing scope" } } },
        "STORE_REFUSED",
        /403 \(NO_SCOPES_FOUND: missing scope\).*Files: Write and Files: Read/,
      ],
      [{ status: 402, body: { error: "Payment Required" } }, "STORE_REFUSED", /402 .*plan/],
      [{ status: 413, body: "<html>too large</html>" }, "STORE_REFUSED", /413\. .*larger/],
      [{ status: 400, body: { message: "bad" } }, "STORE_REFUSED", /400 \(bad\)/],
      [
        { status: 200, body: { data: { cid: singleBlock("another").root.toString() } } },
        "STORE_FAILED",
        new RegExp(`keeps ${singleBlock("another").root.toString()}, not ${root.toString()}`),
      ],
      [{ status: 200, body: { data: { cid: "<script>" } } }, "STORE_FAILED", /something that is no CID/],
    ];
    for (const [fault, code, text] of refusals) {
      const what = typeof fault === "object" ? `${fault.status} ${JSON.stringify(fault.body)}` : fault;
      it(`fails at once, and clearly: ${what}`, async function () {
        pinata.fail(UPLOAD, fault, fault);
        expect(await errorCode(async () => open().pin(root, blocks))).to.equal(code);
        expect(await messageOf(async () => open().pin(root, blocks))).to.match(text);
        expect(waits).to.deep.equal([]);
      });
    }

    it("refuses a key without the right to list before anything is sent", async function () {
      pinata.fail(LIST, { status: 403, body: { error: "forbidden" } });
      expect(await errorCode(async () => open().pin(root, blocks))).to.equal("STORE_REFUSED");
      expect(pinata.routes()).to.deep.equal([LIST]);
    });
  });

  describe("failures that pass", function () {
    const passing: [string, Fault, number[]][] = [
      ["429 with Retry-After in seconds", { status: 429, headers: { "Retry-After": "7" }, body: "slow" }, [7000]],
      ["429 with Retry-After now", { status: 429, headers: { "Retry-After": "0" } }, [0]],
      ["429 without a wish", { status: 429 }, [500]],
      ["429 with a date", { status: 429, headers: { "Retry-After": "Thu, 01 Jan 1970 00:00:20 GMT" } }, [20_000]],
      ["500", { status: 500, body: "oops" }, [500]],
      ["503 with Retry-After", { status: 503, headers: { "retry-after": "3" } }, [3000]],
      ["a body cut short", "truncate", [500]],
      ["a body that is no JSON", { status: 200, body: '{"data":{"cid":' }, [500]],
      ["a lost answer", "lose", [500]],
      ["a dropped connection", "drop", [500]],
    ];
    for (const [what, fault, expected] of passing) {
      for (const route of [UPLOAD, LIST]) {
        it(`is pinned after ${what} to ${route}`, async function () {
          pinata.fail(route, fault);
          await open({ now: () => 0 }).pin(root, blocks);
          expect(pinata.pinned.has(root.toString())).to.equal(true);
          expect(waits).to.deep.equal(expected);
        });
      }
    }

    it("gives up after five tries, with pauses that double", async function () {
      pinata.fail(UPLOAD, ...Array<Fault>(5).fill({ status: 502 }));
      expect(await errorCode(async () => open().pin(root, blocks))).to.equal("STORE_FAILED");
      expect(waits).to.deep.equal([500, 1000, 2000, 4000]);
    });

    it("does not wait longer than it was told to", async function () {
      const fault = { status: 429, headers: { "Retry-After": "3600" } };
      pinata.fail(UPLOAD, fault, fault);
      expect(await errorCode(async () => open().pin(root, blocks))).to.equal("STORE_FAILED");
      expect(await messageOf(async () => open().pin(root, blocks))).to.match(/wait 3600 s, longer than the 120 s/);
      expect(waits).to.deep.equal([]);
    });

    it("ends a request that is not answered, and tries again", async function () {
      pinata.fail(UPLOAD, "hang");
      await open({ timeout: 50 }).pin(root, blocks);
      expect(pinata.pinned.has(root.toString())).to.equal(true);
    });

    it("stops while it waits, when it is told to", async function () {
      const stop = new AbortController();
      pinata.fail(UPLOAD, { status: 429, headers: { "Retry-After": "60" } });
      const store = open({
        wait: async (_milliseconds, signal) => {
          stop.abort();
          signal?.throwIfAborted();
        },
      });
      expect(await errorCode(async () => store.pin(root, blocks, { signal: stop.signal }))).to.equal("INTERRUPTED");
      expect(pinata.pinned.size).to.equal(0);
    });

    it("stops while it sends", async function () {
      const stop = new AbortController();
      pinata.fail(LIST, "hang");
      const pinning = open().pin(root, blocks, { signal: stop.signal });
      setImmediate(() => stop.abort());
      expect(await errorCode(async () => pinning)).to.equal("INTERRUPTED");
    });
  });

  describe("the JWT", function () {
    it("is in no error, however the service repeats it", async function () {
      for (const fault of [
        { status: 401, body: { error: `bad token Bearer ${PINATA_JWT}` } },
        { status: 400, body: PINATA_JWT },
        { status: 200, body: { data: { cid: PINATA_JWT } } },
      ]) {
        pinata.fail(UPLOAD, fault);
        const error = await open()
          .pin(root, blocks)
          .catch((caught: Error) => caught);
        expect(error).to.be.instanceOf(Error);
        expect(inspect(error, { depth: 9, showHidden: true })).not.to.include(PINATA_JWT);
      }
    });

    it("is in nothing that is shown of the store", async function () {
      const store = open();
      await store.pin(root, blocks);
      expect(inspect(store, { depth: 9, showHidden: true })).not.to.include(PINATA_JWT);
      expect(JSON.stringify(store)).not.to.include(PINATA_JWT);
    });

    it("is not sent in the clear to another machine", async function () {
      for (const [name, url] of [
        ["apiUrl", "http://api.example/v3"],
        ["uploadUrl", "http://192.0.2.1/v3"],
      ] as const) {
        expect(await errorCode(() => open({ [name]: url }))).to.equal("OPTION_INVALID");
      }
      expect(await errorCode(() => open({ apiUrl: "https://api.example/v3" }))).to.equal("no error");
    });
  });

  it("wants blocks that can be read again", async function () {
    function* once() {
      yield* blocks;
    }
    const error = await open()
      .pin(root, once())
      .catch((caught: Error) => caught);
    expect(error).to.be.instanceOf(TypeError);
    await open().pin(root, { [Symbol.iterator]: once });
    expect(pinata.provides(root.toString())).to.equal(true);
    expect(CID.parse([...pinata.pinned][0] as string).equals(root)).to.equal(true);
  });
});
