import { expect } from "chai";
import type { Exchange } from "../../../../src/base/http/exchange.ts";
import { guardRedirects } from "../../../../src/base/http/address-guard.ts";
import { openExchange } from "../../../../src/base/http/node-exchange.ts";
import { rawBlock } from "../../../../src/content/cid.ts";
import { PinataUpload } from "../../../../src/content/stores/pinata/signed-upload.ts";
import { type FakePinata, startPinata } from "../../../helpers/servers/pinata.ts";

const ONE = rawBlock(new TextEncoder().encode('{"name":"one"}'));
const OTHER = rawBlock(new TextEncoder().encode("other")).cid.toString();

describe("PinataUpload", function () {
  let pinata: FakePinata;
  const exchange: Exchange = async (asked) => openExchange(guardRedirects(asked.url))(asked);
  const open = (url = pinata.signedUrl, ask = exchange) =>
    new PinataUpload(url, ask, { attempts: 2, wait: () => Promise.resolve() });

  beforeEach(async function () {
    pinata = await startPinata();
  });

  afterEach(async function () {
    await pinata.close();
  });

  async function fails(upload: PinataUpload): Promise<{ code: string; message: string }> {
    try {
      await upload.pin(ONE.cid, [ONE]);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      expect(message).to.not.include("5ec7e7");
      return { code, message };
    }
    throw new Error("It did not fail.");
  }

  it("uploads an archive without a key, and compares what is kept", async function () {
    await open().pin(ONE.cid, [ONE]);
    expect([...pinata.pinned]).to.deep.equal([ONE.cid.toString()]);
    expect(pinata.provides(ONE.cid.toString())).to.equal(true);
  });

  it("says what to do where the URL is no longer good, and shows nothing of it", async function () {
    const { code, message } = await fails(open(pinata.signedUrl.replace("X-Expires=600", "X-Expires=1")));
    expect(code).to.equal("STORE_REFUSED");
    expect(message).to.include("make a new one");
  });

  it("refuses what is no URL, and one that would be read on the way", function () {
    for (const url of ["", "uploads.pinata.cloud/v3/files/1", "ftp://a/b", "http://uploads.pinata.cloud/v3/files/1"]) {
      expect(() => open(url), url)
        .to.throw()
        .with.property("code", "OPTION_INVALID");
    }
  });

  for (const [what, body, code] of [
    ["another CID", { data: { cid: OTHER } }, "STORE_FAILED"],
    ["something that is no CID", { data: { cid: "<b>" } }, "STORE_FAILED"],
    ["no CID", { data: {} }, "STORE_FAILED"],
    ["no JSON", "thanks", "STORE_FAILED"],
  ] as const) {
    it(`takes an answer with ${what} for no confirmation`, async function () {
      const answering: Exchange = async (asked) => {
        const { discard, headers } = await exchange(asked);
        discard();
        const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
        return { status: 200, headers, body: yieldAll([bytes]), discard };
      };
      expect((await fails(open(undefined, answering))).code).to.equal(code);
    });
  }

  it("tries again what may pass, and says so where it does not", async function () {
    let tries = 0;
    const failing: Exchange = async (asked) => {
      tries++;
      return { ...(await exchange(asked)), status: 503, body: yieldAll([]) };
    };
    expect((await fails(open(undefined, failing))).code).to.equal("STORE_FAILED");
    expect(tries).to.equal(2);
  });
});

async function* yieldAll(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
