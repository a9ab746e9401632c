import { inspect } from "node:util";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import {
  PinningServiceStore,
  type PinningServiceStoreOptions,
} from "../../../../src/content/stores/psa/pinning-service-store.ts";
import { manyBlocks, singleBlock } from "../../../helpers/dags.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import type { Fault } from "../../../helpers/servers/fake-server.ts";
import { type FakePinningService, PSA_TOKEN, startPinningService } from "../../../helpers/servers/pinning-service.ts";

const ADD = "POST /psa/pins";
const LIST = "GET /psa/pins";

describe("PinningServiceStore", function () {
  let service: FakePinningService;
  let time: number;
  let waits: number[];

  beforeEach(async function () {
    service = await startPinningService();
    time = 0;
    waits = [];
  });

  afterEach(async function () {
    await service.close();
  });

  const open = (options: Partial<PinningServiceStoreOptions> = {}) =>
    new PinningServiceStore({
      url: service.endpoint,
      token: PSA_TOKEN,
      now: () => time,
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        time += milliseconds;
      },
      ...options,
    });
  const { root, blocks } = singleBlock();
  const pin = async (options?: Partial<PinningServiceStoreOptions>) => open(options).pin(root, blocks);
  const messageOf = async (options?: Partial<PinningServiceStoreOptions>) =>
    pin(options).then(
      () => "no error",
      (error: Error) => error.message,
    );
  const adds = () => service.routes().filter((route) => route === ADD);

  it("is called psa, follows what others provide, and gives nothing back", async function () {
    const store = open();
    expect(store).to.include({ name: "psa", public: true, role: "follower" });
    expect(await errorCode(async () => store.get(root))).to.equal("STORE_BLOCK_MISSING");
  });

  it("asks for the CID and looks until it is pinned", async function () {
    expect(await open().has(root)).to.equal(false);
    await pin();
    expect(service.pins).to.deep.equal([{ requestid: "request-1", status: "pinned", cid: root.toString() }]);
    expect(waits).to.deep.equal([1000, 2000]);
    expect(await open().has(root)).to.equal(true);
  });

  it("tells the service who has the content", async function () {
    const origins = ["/ip4/203.0.113.7/tcp/4001/p2p/12D3KooWtests"];
    await pin({ origins });
    expect(service.pins[0]?.origins).to.deep.equal(origins);
  });

  it("is done at once where the service is", async function () {
    service.lifecycle = ["pinned"];
    await pin();
    expect(waits).to.deep.equal([]);
  });

  it("asks for nothing that is pinned or under way", async function () {
    await pin();
    await pin();
    expect(adds()).to.have.length(1);
    for (const status of ["queued", "pinning"] as const) {
      service.pins.splice(0);
      service.pins.push({ requestid: "of-before", status, cid: root.toString() });
      await pin();
      expect(service.pins).to.have.length(1);
    }
    expect(adds()).to.have.length(1);
  });

  it("asks again for what failed before", async function () {
    service.pins.push({ requestid: "of-before", status: "failed", cid: root.toString() });
    await pin();
    expect(adds()).to.have.length(1);
    expect(service.pins.map(({ status }) => status)).to.deep.equal(["failed", "pinned"]);
  });

  it("passes over the pins of others where a service knows no filter", async function () {
    const other = { requestid: "x", status: "pinned", pin: { cid: singleBlock("other").root.toString() } };
    service.fail(LIST, { status: 200, body: { count: 1, results: [other] } });
    await pin();
    expect(adds()).to.have.length(1);
  });

  it("says why the service could not pin", async function () {
    service.provides = () => false;
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
    service.pins.splice(0);
    expect(await messageOf()).to.match(/no provider was found.*provides it/);
  });

  it("waits no longer than the deadline, and goes on with the same pin later", async function () {
    service.lifecycle = ["queued", "queued"];
    expect(await errorCode(async () => pin({ deadline: 60_000 }))).to.equal("STORE_FAILED");
    expect(waits).to.deep.equal([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(await messageOf({ deadline: 1 })).to.match(/within 0.001 s; it is queued.*PSA_TIMEOUT/);
    service.lifecycle = ["queued", "pinned"];
    await pin();
    expect(adds()).to.have.length(1);
  });

  it("stops when it is told to", async function () {
    const stop = new AbortController();
    service.lifecycle = ["queued"];
    const store = open({
      wait: async (_milliseconds, signal) => {
        stop.abort();
        signal?.throwIfAborted();
      },
    });
    expect(await errorCode(async () => store.pin(root, blocks, { signal: stop.signal }))).to.equal("INTERRUPTED");
  });

  const refusals: [Fault, RegExp][] = [
    [{ status: 401, body: { error: { reason: "UNAUTHORIZED" } } }, /401 \(UNAUTHORIZED\).*PSA_TOKEN/],
    [{ status: 403, body: {} }, /403 .*PSA_TOKEN/],
    [{ status: 404, body: { error: { reason: "NOT_FOUND" } } }, /404 .*PSA_URL/],
    [
      { status: 409, body: { error: { reason: "INSUFFICIENT_FUNDS", details: "empty" } } },
      /INSUFFICIENT_FUNDS: empty.*funds/,
    ],
    [{ status: 400, body: { error: { reason: "BAD_REQUEST", details: "why" } } }, /400 \(BAD_REQUEST: why\)/],
    [{ status: 418, body: { error: { reason: "CUSTOM" } } }, /418 \(CUSTOM\)/],
  ];
  for (const [fault, text] of refusals) {
    it(`fails at once and clearly: ${(fault as { status: number }).status}`, async function () {
      for (const route of [LIST, ADD]) {
        service.fail(route, fault);
        expect(await messageOf()).to.match(text);
        service.fail(route, fault);
        expect(await errorCode(pin)).to.equal("STORE_REFUSED");
      }
      expect(waits).to.deep.equal([]);
    });
  }

  const passing: [string, Fault][] = [
    ["500", { status: 500, body: { error: { reason: "INTERNAL_SERVER_ERROR" } } }],
    ["429", { status: 429, headers: { "Retry-After": "1" } }],
    ["a body cut short", "truncate"],
    ["no JSON", { status: 202, body: "<html>" }],
    ["JSON of another form", { status: 200, body: { results: [{}], requestid: 7 } }],
    ["a lost answer", "lose"],
    ["a dropped connection", "drop"],
  ];
  for (const [what, fault] of passing) {
    it(`is pinned once, after ${what}`, async function () {
      for (const route of [LIST, ADD, `${LIST}/`]) service.fail(route, fault);
      await pin();
      expect(service.pins).to.have.length(1);
      expect(service.pins[0]?.status).to.equal("pinned");
    });
  }

  it("refuses a service that pins something else", async function () {
    const status = { requestid: "x", status: "queued", pin: { cid: singleBlock("other").root.toString() } };
    service.fail(ADD, { status: 202, body: status });
    expect(await errorCode(pin)).to.equal("STORE_FAILED");
  });

  it("pins blocks alone whose content is elsewhere, by their hash", async function () {
    const dag = await manyBlocks(2);
    const links = dag.blocks.slice(-1);
    await open().pin(dag.root, links, { linksOnly: true });
    const [pinned] = service.pins.map(({ cid }) => CID.parse(cid));
    expect(service.pins).to.have.length(1);
    expect(pinned?.code).to.equal(raw.code);
    expect(Buffer.from(pinned?.multihash.digest ?? []).equals(dag.root.multihash.digest)).to.equal(true);
  });

  it("shows the token nowhere, and sends it nowhere in the clear", async function () {
    service.fail(LIST, { status: 400, body: `Bearer ${PSA_TOKEN}` });
    const error = await pin().catch((caught: Error) => caught);
    expect(inspect(error, { depth: 9, showHidden: true })).not.to.include(PSA_TOKEN);
    expect(inspect(open(), { depth: 9, showHidden: true })).not.to.include(PSA_TOKEN);
    expect(JSON.stringify(open())).not.to.include(PSA_TOKEN);
    expect(await errorCode(() => open({ url: "http://pin.example/psa" }))).to.equal("OPTION_INVALID");
  });
});
