import { expect } from "chai";
import { rawBlock } from "../../../../src/content/cid.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { messageOf, openSource } from "../../../helpers/gateway-source.ts";
import { type Behaviour, closeGateways, startGateway } from "../../../helpers/servers/gateway.ts";

const MIB = 1024 * 1024;
// For gateways that never answer, or never to the end: how soon they are given up decides nothing.
const IMPATIENT = { limits: { connect: 20_000, firstByte: 40, idle: 40, total: 20_000 }, maxRedirects: 3 };
const HANGS = new Set<Behaviour>(["hang", "hang after headers", "hang in the middle"]);

const block = rawBlock(Buffer.from("the metadata"));

describe("GatewaySource, where gateways lie or fail,", function () {
  afterEach(closeGateways);

  // What a first gateway does, and whether it is named in a warning at once.
  const faults: [Behaviour, boolean][] = [
    ["wrong bytes", true],
    ["truncated", true],
    ["html", true],
    ["zeros", true],
    ["zeros announced", true],
    ["cut off", false],
    ["reset", false],
    ["gzip", false],
    ["gzip bomb", false],
    ["hang", false],
    ["hang after headers", false],
    ["hang in the middle", false],
    [{ status: 404 }, false],
    [{ status: 410 }, false],
    [{ status: 429, headers: { "retry-after": "7" } }, false],
    [{ status: 500 }, false],
    [{ status: 504 }, false],
    [{ status: 206 }, false],
    [{ redirect: "http://127.0.0.1:1/ipfs/x" }, false],
    [{ redirect: "/around?again" }, false],
    [{ redirect: "file:///etc/passwd" }, false],
    [{ redirect: "http://" }, false],
  ];
  for (const [behaviour, warned] of faults) {
    const what = JSON.stringify(behaviour);
    it(`asks the next gateway where one answers ${what}`, async function () {
      const bad = await startGateway([block], behaviour);
      const good = await startGateway([block]);
      const hedge = { idle: HANGS.has(behaviour) ? 10 : 60_000, slow: 60_000 };
      const { source, warnings, waits } = openSource([bad.url, good.url], { hedge });
      expect(Buffer.from(await source.get(block.cid)).toString()).to.equal("the metadata");
      expect(warnings).to.have.length(warned ? 1 : 0);
      if (warned) expect(warnings[0]).to.include(bad.url);
      expect(waits).to.deep.equal([]);
    });

    it(`ends with one clear error where the only gateway answers ${what}`, async function () {
      const bad = await startGateway([block], behaviour);
      const { source } = openSource([bad.url], HANGS.has(behaviour) ? { settings: IMPATIENT } : {});
      const message = await messageOf(source.get(block.cid));
      expect(message).to.include(bad.url).and.to.include(block.cid.toString());
    });
  }

  it("says whether a block is missing, wrong, or to be asked for again", async function () {
    const codes: [Behaviour, string][] = [
      [{ status: 404 }, "STORE_BLOCK_MISSING"],
      ["wrong bytes", "STORE_BLOCK_CORRUPT"],
      ["zeros", "STORE_BLOCK_CORRUPT"],
      ["gzip", "STORE_FAILED"],
      ["hang", "STORE_FAILED"],
      [{ status: 503 }, "STORE_FAILED"],
      [{ status: 401 }, "STORE_FAILED"],
    ];
    for (const [behaviour, code] of codes) {
      const { url } = await startGateway([block], behaviour);
      const { source } = openSource([url], HANGS.has(behaviour) ? { settings: IMPATIENT } : {});
      expect(await errorCode(async () => source.get(block.cid)), JSON.stringify(behaviour)).to.equal(code);
    }
    const gone = await startGateway();
    await gone.close();
    const { source } = openSource([gone.url, (await startGateway()).url]);
    expect(await errorCode(async () => source.get(block.cid))).to.equal("STORE_FAILED");
  });

  it("stops reading a gigabyte of zeros, announced or not, within a few megabytes", async function () {
    for (const behaviour of ["zeros", "zeros announced"] as const) {
      const gateway = await startGateway([], behaviour);
      const { source } = openSource([gateway.url]);
      expect(await errorCode(async () => source.get(block.cid))).to.equal("STORE_BLOCK_CORRUPT");
      await gateway.close();
      expect(gateway.sent()).to.be.lessThan(32 * MIB);
    }
  });
});
